/** The budget of one HTTP request, in ms, for all calls together. With the time to render, a page stays below a second. */
export const budget = 800;
