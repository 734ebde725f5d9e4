/** Today's prices in cents: some are below the printed price list. */
export const prices: ReadonlyMap<string, number> = new Map([
  ["mug", 1290],
  ["teapot", 4900],
  ["kettle", 3850],
  ["tea", 990],
]);
