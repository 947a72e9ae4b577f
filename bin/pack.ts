import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/**
 * `npm pack` calls this. It makes `dist/`: the command line as JavaScript, with all libraries and their licences. Node
 * strips no types below `node_modules`, so a package cannot hold the sources.
 */

const TOP = join(import.meta.dirname, '..');
const DIST = join(TOP, 'dist');

/** Libraries of the older module system ask for Node's own modules by this name. */
const REQUIRE = `import{createRequire}from'node:module';const require=createRequire(import.meta.url);`;

/** @returns the folders of the libraries that are in the bundle, in alphabetical order */
function findLibraries({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = files.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** Some libraries come without the text of their licence. Then its name stands alone. */
function describeLicence(folder: string): string {
  const place = join(TOP, folder);
  const { name, version, license }: Record<string, string> = JSON.parse(
    readFileSync(join(place, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(place)
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .map((file) => readFileSync(join(place, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

rmSync(DIST, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: TOP,
  entryPoints: ['bin/chat-report.ts'],
  outdir: DIST,
  bundle: true,
  // Each command stays in files of its own, so that it is loaded when it runs.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  // Errors are told apart by their names.
  keepNames: true,
  charset: 'utf8',
  banner: { js: REQUIRE },
  metafile: true,
});
const licences = findLibraries(metafile).map(describeLicence);
writeFileSync(join(DIST, 'licences.txt'), `${licences.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
