/** Articles often bought together. */
export const companions: ReadonlyMap<string, readonly string[]> = new Map([
  ["mug", ["tea", "teapot"]],
  ["teapot", ["tea", "mug"]],
  ["kettle", ["teapot", "tea"]],
  ["tea", ["kettle", "mug"]],
]);
