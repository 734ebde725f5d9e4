import { type Authenticator, tokenAuthenticator, usernamePasswordAuthenticator } from "@nats-io/transport-node";
import {
  type Credentials,
  type CredentialsProvider,
  credentialForms,
  credentialsProblem,
  fieldsOf,
  identityOf,
} from "./credentials.js";
import { CredentialsError } from "./dial-failure.js";
import { readSmallFile } from "./small-file.js";

/**
 * What the client answers a server with.
 *
 * @throws CredentialsError when they cannot be had, or are no credentials. It quotes no value of them.
 * @internal the types that are published do without those of the client
 */
export async function authenticators(
  source: Credentials | CredentialsProvider,
  signal: AbortSignal,
): Promise<Authenticator[]> {
  const given = typeof source === "function" ? await provided(source, signal) : source;
  const { user, pass = "", token, credsFile, ...inline } = fieldsOf(given);
  const identity = identityOf(credsFile === undefined ? inline : { creds: await readCreds(credsFile) });
  return [
    user !== undefined && usernamePasswordAuthenticator(user, pass),
    token !== undefined && tokenAuthenticator(token),
    identity,
  ].filter((authenticator) => typeof authenticator === "function");
}

const provider = "the function that provides the credentials";

async function provided(provide: CredentialsProvider, signal: AbortSignal): Promise<Credentials> {
  const given = await answerOf(provide, signal);
  const problem = credentialsProblem(given);
  if (problem === undefined) return given as Credentials;
  throw new CredentialsError(`${provider} must give ${credentialForms}: ${problem}`);
}

async function answerOf(provide: CredentialsProvider, signal: AbortSignal): Promise<unknown> {
  try {
    return await provide({ signal });
  } catch (thrown) {
    // What is not an error can be anything, the secret too.
    throw new CredentialsError(`${provider} threw`, thrown instanceof Error ? { cause: thrown } : {});
  }
}

async function readCreds(path: string): Promise<string> {
  const creds = await readSmallFile(path).catch((cause: unknown) => {
    throw new CredentialsError(`cannot read the credsFile ${path}`, { cause });
  });
  const problem = credentialsProblem({ creds });
  if (problem !== undefined) throw new CredentialsError(`${path} is not a creds file: ${problem}`);
  return creds;
}
