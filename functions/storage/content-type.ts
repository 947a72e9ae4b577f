export const WORKBOOK_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * Packed JSON is called what it is, a gzip file. Its storage must not also carry a Content-Encoding: query engines
 * unpack what ends in `.gz`, and an HTTP client that sees the encoding would have unpacked it before them.
 */
const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.json.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.parquet': 'application/vnd.apache.parquet',
  '.xlsx': WORKBOOK_TYPE,
};

/** The media type of an object, by the ending of its key. */
export function contentTypeOf(key: string): string {
  const known = Object.entries(TYPES).find(([ending]) => key.endsWith(ending));
  return known?.[1] ?? 'application/octet-stream';
}
