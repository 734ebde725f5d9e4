/** A table of plain text: the first column on the left, the others on the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i)))).join("  ");
  return rows.map(line).join("\n");
}
