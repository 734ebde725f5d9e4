import { z } from "zod";

/** The number of an article, as on its label. */
export const sku = z.string().regex(/^[a-z0-9-]{1,40}$/, "a SKU is 1 to 40 small letters, digits and dashes");
