/* Decision tables as tables: what is looked at, what follows, and how rows that hold are put together. Pressing a row shows it
 * as it is written. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lang } from '@/lib/i18n';
import { useOrgs } from '@/lib/orgs';
import { say, usePacks } from '@/lib/pack';
import { cellWords, type Decision, type DecisionRow, fieldTitle, type Service, valueWords } from '@/lib/service';
import { Condition } from './Condition';

function useInputTitle(of: Service) {
    const { t, i18n } = useTranslation();
    return (name: string) => fieldTitle(of.pack, name) ?? (i18n.exists(`packs.fact.${name}`) ? t(`packs.fact.${name}`) : name);
}

function Cell({ of, input, cell }: { of: Service; input: string; cell: string }) {
    const { t } = useTranslation();
    const orgs = useOrgs();
    if (cell === '-') return <span className="quiet">{t('packs.any')}</span>;
    if (cell === 'null' || cell === 'not null') return <>{t(cell === 'null' ? 'packs.empty' : 'packs.notEmpty')}</>;
    if (cell === 'true' || cell === 'false') return <>{t(cell === 'true' ? 'fire.yes' : 'fire.no')}</>;
    const words = input === 'org' ? cell.replace(/'([^']*)'/g, (_, id: string) => orgs.name(id)) : cellWords(of.pack, input, cell);
    return <>{words.startsWith('not ') ? t('packs.not', { what: words.slice(4) }) : words}</>;
}

function Outputs({ of, decision, set }: { of: Service; decision: Decision; set: DecisionRow['set'] }) {
    const orgs = useOrgs();
    return outputsOf(decision).map((name) => {
        const value = set[name];
        const words = value === undefined || value === null ? <span className="quiet">—</span> : name === 'org' ? orgs.name(String(value)) : valueWords(of.pack, name, value);
        return <td key={name}>{words}</td>;
    });
}

const outputsOf = (decision: Decision) =>
    decision.outputs.length > 0 ? decision.outputs : [...new Set(decision.rows.flatMap((row) => Object.keys(row.set)))];

function Row({ of, decision, row, n }: { of: Service; decision: Decision; row: DecisionRow; n: number }) {
    const { t } = useTranslation();
    const [written, setWritten] = useState(false);
    const columns = 1 + Math.max(1, decision.inputs.length) + outputsOf(decision).length;
    const source =
        decision.inputs.length > 0
            ? row.cells.map((cell, i) => `${decision.inputs[i]}: ${cell}`).join('\n')
            : (row.when ?? t('packs.always'));
    return (
        <>
            <tr>
                <th scope="row">
                    <button type="button" className="row-button" aria-expanded={written} title={t('packs.asWritten')} onClick={() => setWritten(!written)}>
                        {n}
                    </button>
                </th>
                {decision.inputs.map((input, i) => (
                    <td key={input}>
                        <Cell of={of} input={input} cell={row.cells[i] ?? '-'} />
                    </td>
                ))}
                {decision.inputs.length === 0 && <td>{row.when ? <Condition of={of} text={row.when} /> : <span className="quiet">{t('packs.always')}</span>}</td>}
                <Outputs of={of} decision={decision} set={row.set} />
            </tr>
            {written && (
                <tr className="row-written">
                    <td colSpan={columns}>
                        <code>{source}</code>
                        <code>→ {JSON.stringify(row.set)}</code>
                    </td>
                </tr>
            )}
        </>
    );
}

function Table({ of, decision }: { of: Service; decision: Decision }) {
    const { t } = useTranslation();
    const packs = usePacks();
    const inputTitle = useInputTitle(of);
    const outputs = outputsOf(decision);
    const inputs = Math.max(1, decision.inputs.length);
    return (
        <article className="decision" data-decision={decision.id}>
            <h3>
                {say(decision)} <span className="mono quiet">{decision.id}</span>
            </h3>
            <p className="quiet">
                {t(`packs.hit.${decision.hit}`)}
                {Object.entries(decision.collect).map(([name, by]) => ` ${packs.fieldTitle(of.pack.id, name)}: ${t(`packs.collect.${String(by)}`)}.`)}
            </p>
            <div className="table-wide">
                <table className="grid">
                    <thead>
                        <tr>
                            <th aria-label={t('packs.row')} />
                            {decision.inputs.map((input) => (
                                <th key={input}>{inputTitle(input)}</th>
                            ))}
                            {decision.inputs.length === 0 && <th>{t('packs.condition')}</th>}
                            {outputs.map((name) => (
                                <th key={name} className="grid-out">
                                    {inputTitle(name)}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {decision.rows.map((row, i) => (
                            <Row key={i} of={of} decision={decision} row={row} n={i + 1} />
                        ))}
                        {(decision.otherwise || decision.gap) && (
                            <tr className="grid-default">
                                <th aria-hidden="true" />
                                <td colSpan={inputs}>{t('packs.otherwise')}</td>
                                {decision.otherwise ? <Outputs of={of} decision={decision} set={decision.otherwise} /> : <td colSpan={outputs.length}>{t('packs.nothingSet')}</td>}
                            </tr>
                        )}
                    </tbody>
                </table>
            </div>
        </article>
    );
}

/* Instead of rows: the first entry of a register that fits. */
function Choice({ of, decision, chooses }: { of: Service; decision: Decision; chooses: NonNullable<Decision['chooses']> }) {
    const { t } = useTranslation();
    const inputTitle = useInputTitle(of);
    const register = of.registers.find((one) => one.id === chooses.from);
    const entry = (id: string) => register?.fields.find((field) => field.id === id)?.[lang()] ?? (id === 'load' ? t('packs.load') : id);
    const comma = t('diagram.comma');
    return (
        <article className="decision" data-decision={decision.id}>
            <h3>
                {say(decision)} <span className="mono quiet">{decision.id}</span>
            </h3>
            <p>{t('packs.chooses', { register: register?.[lang()] ?? chooses.from })}</p>
            <ul className="choice">
                {chooses.when && (
                    <li>
                        {t('packs.when')} <Condition of={of} text={chooses.when} />
                    </li>
                )}
                {chooses.order.length > 0 && <li>{t('packs.inOrder', { order: chooses.order.map(entry).join(comma) })}</li>}
                <li>
                    {Object.entries(chooses.takes)
                        .map(([name, from]) => t('packs.takes', { name: inputTitle(name), from: entry(String(from)) }))
                        .join(t('packs.semicolon'))}
                </li>
            </ul>
        </article>
    );
}

export function Tables({ of }: { of: Service }) {
    return of.decisions.map((decision) =>
        decision.chooses ? <Choice key={decision.id} of={of} decision={decision} chooses={decision.chooses} /> : <Table key={decision.id} of={of} decision={decision} />,
    );
}
