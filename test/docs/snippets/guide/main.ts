// #region main
import { supervised } from "muove";
import { bus } from "./connect.js";
import { edge } from "./edge.js";

const server = edge(bus).listen(Number(process.env.PORT ?? 8080));

supervised(bus, { before: () => new Promise((closed) => server.close(closed)) });
// #endregion
