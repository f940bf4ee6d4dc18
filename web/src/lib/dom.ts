/* Elements without a library. Text always goes in as text. */
type Child = Node | string | null | false;

export function el<K extends keyof HTMLElementTagNameMap>(
    name: K,
    props: Partial<HTMLElementTagNameMap[K]> & { data?: Record<string, string> },
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    const { data, ...rest } = props;
    const made = Object.assign(document.createElement(name), rest) as HTMLElementTagNameMap[K];
    Object.assign(made.dataset, data);
    made.append(...children.filter((c): c is Node | string => !!c));
    return made;
}
