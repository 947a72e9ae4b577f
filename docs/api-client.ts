/** `fetch`, with the address of the API in front, and a signature where it is on AWS. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** As far as it is used here; `/openapi.json` has the rest. */
export interface Report {
  readonly day: string;
  readonly totals: { readonly chats: number; readonly missed: number; readonly missedRate: number | null };
  readonly callbacks: readonly {
    readonly customer: { readonly name: string | null };
    readonly attempts: number;
  }[];
}

async function read<Body>(response: Response): Promise<Body> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return JSON.parse(await response.text());
}

export async function report(day: string, send: Send): Promise<Report> {
  const headers = { 'content-type': 'application/json' };
  const asking = { method: 'POST', headers, body: JSON.stringify({ day }) };
  const asked = await read<{ status: string }>(await send('/reports', asking));
  for (let isThere = false; !isThere; ) {
    const { state } = await read<{ state: string }>(await send(asked.status));
    if (state === 'failed') throw new Error(`there is no report of ${day}; see ${asked.status}`);
    // What a partial one lacks, its completeness says.
    isThere = state === 'done' || state === 'partial';
    if (!isThere) await new Promise((resolve) => setTimeout(resolve, 5_000));
  }
  const answer = await send(`/reports/${day}`, { redirect: 'manual' });
  const atS3 = answer.headers.get('location');
  return await read<Report>(atS3 === null ? answer : await fetch(atS3));
}
