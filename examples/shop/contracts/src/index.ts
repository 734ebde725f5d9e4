export { catalogue, type Product } from "./catalogue.js";
export { inventory } from "./inventory.js";
export { notifications, type OrderPlaced } from "./notifications.js";
export { type AgreedOrder, orders, type PlacedOrder } from "./orders.js";
export { type ListedArticle, listedName, onPriceList } from "./price-list.js";
export { pricing } from "./pricing.js";
export { recommendations } from "./recommendations.js";
export { sku } from "./sku.js";
