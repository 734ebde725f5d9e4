/** An article on the printed price list. */
export interface ListedArticle {
  readonly name: string;
  readonly cents: number;
}

/**
 * The printed price list: what the shop sells, and a price that always holds. It changes once a season and comes with
 * every service, so that there is something to sell by when neither catalogue nor pricing answers.
 */
const listed: ReadonlyMap<string, ListedArticle> = new Map([
  ["mug", { name: "Stoneware mug", cents: 1490 }],
  ["teapot", { name: "Cast iron teapot", cents: 5900 }],
  ["kettle", { name: "Whistling kettle", cents: 3850 }],
  ["tea", { name: "Assam, 250 g", cents: 1190 }],
]);

export const onPriceList = (sku: string): ListedArticle | undefined => listed.get(sku);

/** The name on the list; the SKU if it is not on the list. */
export const listedName = (sku: string): string => listed.get(sku)?.name ?? sku;
