/** An SVG image of that size on white, with a title for screen readers. */
export function svg(title: string, width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="what">
<title id="what">${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

export interface TextStyle {
  readonly fill: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly weight?: number;
}

export function text(x: number, y: number, content: string, { fill, anchor = "start", weight }: TextStyle): string {
  const more = `${anchor === "start" ? "" : ` text-anchor="${anchor}"`}${weight ? ` font-weight="${weight}"` : ""}`;
  return `<text x="${x}" y="${y}"${more} fill="${fill}">${content}</text>`;
}
