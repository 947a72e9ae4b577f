import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { openDuck } from '../warehouse/duck.ts';

const run = promisify(execFile);
const MOST_BYTES = { maxBuffer: 2 ** 28 };

interface JsonReader {
  readonly name: string;
  /** The program, where it is one. */
  readonly command: string | null;
  /** What it reads of files of JSON, and of `.jsonl` with a text a line, one after the other. */
  readonly read: (paths: readonly string[]) => Promise<unknown[]>;
}

/** Readers that take nothing that is not quite JSON. */
export const JSON_READERS: readonly JsonReader[] = [
  { name: 'DuckDB', command: null, read: readByDuckDb },
  { name: 'jq', command: 'jq', read: readByJq },
  { name: 'Python', command: 'python3', read: readByPython },
];

/** What was found so far: a shim of a version manager takes as long as some tests. */
const onPath = new Map<string, boolean>();

export function isOnPath(command: string): boolean {
  const isThere = onPath.get(command) ?? answers(command);
  onPath.set(command, isThere);
  return isThere;
}

function answers(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function readByDuckDb(paths: readonly string[]): Promise<unknown[]> {
  const ask = await openDuck();
  const read: unknown[] = [];
  for (const path of paths) {
    // With the columns that it finds itself, as who explores does; then as it stands there.
    const found = await ask(`SELECT * FROM read_json('${path}')`);
    const texts = await ask(`SELECT json::VARCHAR AS text FROM read_json_objects('${path}')`);
    if (found.length < texts.length)
      throw new Error(`${path}: ${found.length} of ${texts.length} were found`);
    read.push(...texts.map(({ text }) => JSON.parse(String(text))));
  }
  return read;
}

async function readByJq(paths: readonly string[]): Promise<unknown[]> {
  const { stdout } = await run('jq', ['--compact-output', '.', ...paths], MOST_BYTES);
  return linesOf(stdout);
}

/** Decodes and encodes strictly, so that half of a pair does not get through. */
const SCRIPT = `
import json, sys
for path in sys.argv[1:]:
    text = open(path, 'rb').read().decode('utf-8')
    for one in filter(None, text.split('\\n')) if path.endswith('.jsonl') else [text]:
        sys.stdout.buffer.write((json.dumps(json.loads(one), ensure_ascii=False) + '\\n').encode('utf-8'))
`;

async function readByPython(paths: readonly string[]): Promise<unknown[]> {
  const { stdout } = await run('python3', ['-c', SCRIPT, ...paths], MOST_BYTES);
  return linesOf(stdout);
}

/** By the line feed alone: other ends of lines may stand within a text. */
function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
