// What the server answers, for whoever has the token.

const KEY = 'vitrine-report token';

/** The token comes once behind the address's #, and stays with this tab. Whether one came. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return false;
  setToken(given);
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

export const setToken = (token) => sessionStorage.setItem(KEY, token.trim());
export const hasToken = () => sessionStorage.getItem(KEY) !== null;

/** The token is another one. */
export class Refused extends Error {}

/** Asks for `path`; throws what went wrong, in words. */
export async function ask(path, query = {}, signal) {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  // No header takes letters beyond Latin-1, and no token has any.
  const token = (sessionStorage.getItem(KEY) ?? '').replace(/[^\x21-\x7e]/g, '');
  let answer;
  try {
    answer = await fetch(`api/${path}${text && '?'}${text}`, { headers: { authorization: `Bearer ${token}` }, signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The server does not answer. Is `vitrine-report serve` still running?');
  }
  const body = await answer.json().catch((error) => {
    if (answer.ok) throw error;
    return {};
  });
  if (answer.status === 401) throw new Refused(body.error);
  if (!answer.ok) throw new Error(body.error ?? `The server answered ${answer.status}.`);
  return body;
}
