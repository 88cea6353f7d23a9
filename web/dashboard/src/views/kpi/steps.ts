/** The path of a stepped line over buckets of width 1 and a height of 100; it breaks where nothing is known. */
export function steps(ratios: readonly (number | undefined)[]): string {
  let before: number | undefined;
  return ratios
    .map((ratio, index) => {
      const joined = before !== undefined;
      before = ratio;
      if (ratio === undefined) return '';
      const y = Math.round((1 - ratio) * 10_000) / 100;
      return joined ? `V${y}H${index + 1}` : `M${index} ${y}H${index + 1}`;
    })
    .join('');
}
