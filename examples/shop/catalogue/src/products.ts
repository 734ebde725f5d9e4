import type { Product } from "@shop/contracts";

const all: readonly Product[] = [
  { sku: "mug", name: "Stoneware mug", description: "Thrown by hand, glazed in grey. Holds 0.35 l and keeps it warm." },
  { sku: "teapot", name: "Cast iron teapot", description: "Enamelled inside, with a steel strainer. 0.8 l." },
  { sku: "kettle", name: "Whistling kettle", description: "Polished steel, for every kind of stove. 2 l." },
  { sku: "tea", name: "Assam, 250 g", description: "Whole leaves of the second harvest. Strong and malty." },
];

export const products: ReadonlyMap<string, Product> = new Map(all.map((product) => [product.sku, product]));
