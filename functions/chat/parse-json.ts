/** What a file says; null where it is no JSON, as where it says `null`. */
export function parseJson(content: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof content === 'string' ? content : new TextDecoder().decode(content));
  } catch {
    return null;
  }
}
