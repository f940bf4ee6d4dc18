/* Positions as near as possible to the wished ones that keep order and distance: least squares under x[i] - x[i-1] >=
 * apart[i]. Take the distances out, then pool adjacent violators (Ayer et al., 1955). O(n). */
export function separate(wish: readonly number[], apart: readonly number[], weight: readonly number[]): number[] {
    let sum = 0;
    const offset = apart.map((d) => (sum += d));
    const pools: { mean: number; weight: number; size: number }[] = [];
    wish.forEach((w, i) => {
        let pool = { mean: w - offset[i]!, weight: weight[i] ?? 1, size: 1 };
        for (let last = pools[pools.length - 1]; last && last.mean > pool.mean; last = pools[pools.length - 1]) {
            pools.pop();
            const total = last.weight + pool.weight;
            pool = { mean: (last.mean * last.weight + pool.mean * pool.weight) / total, weight: total, size: last.size + pool.size };
        }
        pools.push(pool);
    });
    return pools.flatMap((pool) => Array<number>(pool.size).fill(pool.mean)).map((x, i) => x + offset[i]!);
}
