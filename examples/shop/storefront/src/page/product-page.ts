import type { Product } from "@shop/contracts";
import type { Within } from "muove";
import type { Others } from "../others.js";
import { type Degradation, type Part, part } from "./part.js";

/** The page as data: programs get it as JSON, and the HTML is made from it. */
export interface ProductPage {
  readonly sku: string;
  readonly product: Pick<Product, "name" | "description">;
  /** Null: not known. */
  readonly price: { readonly cents: number } | null;
  readonly stock: { readonly left: number | null };
  readonly recommendations: readonly string[];
  /** The degraded parts. Empty on a good day. */
  readonly degraded: { readonly [Name in PartName]?: Degradation };
}

export type PartName = "product" | "price" | "stock" | "recommendations";

/** The page of one product; undefined if there is no such product, or nobody could tell. */
export async function productPage(sku: string, within: Within, others: Others): Promise<ProductPage | undefined> {
  // All at once: the page takes as long as the slowest call, not as long as all together.
  const [product, price, stock, matches] = await Promise.all([
    within.to(others.catalogue).product({ sku }).then(part),
    within.to(others.pricing).quote({ sku }).then(part),
    within.to(others.inventory).level({ sku }).then(part),
    within.to(others.recommendations).forProduct({ sku }).then(part),
  ]);
  if (product.value === null) return undefined;
  within.to(others.recommendations).viewed({ sku });
  return {
    sku,
    product: { name: product.value.name, description: product.value.description },
    price: price.value,
    stock: { left: stock.value?.left ?? null },
    recommendations: matches.value ?? [],
    degraded: degradedOf({ product, price, stock, recommendations: matches }),
  };
}

function degradedOf(parts: Readonly<Record<PartName, Part<unknown>>>): ProductPage["degraded"] {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, { degradation }]) => (degradation ? [[name, degradation]] : [])),
  );
}
