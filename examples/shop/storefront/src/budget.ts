/** What one HTTP request may take, in ms, all calls together. With the time to render, a page stays below a second. */
export const budget = 800;
