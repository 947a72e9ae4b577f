import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTING_NAMES } from '../functions/config/settings.ts';
import { DIMENSIONS } from '../functions/metrics/dimensions.ts';
import { COUNTS, type Declaration, TIMES } from '../functions/metrics/measures.ts';
import { FORMATS, OFFERS } from '../functions/report/formats.ts';
import { checkCommand, readDocumentedCommands, readFences } from './documented-commands.ts';
import { readCommands } from './shell-commands.ts';

const top = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(top, path), 'utf8');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Without what the tables of the program say, which has its words from there. */
function withoutGenerated(path: string, page: string): string {
  if (path.endsWith('data-dictionary.md')) return '';
  if (path.endsWith('settings.md')) return page.slice(page.indexOf('\n## '));
  return page.replace(/<!-- figures -->.*<!-- \/figures -->/s, '');
}

describe('the documents', () => {
  test('begin with exactly two commands that a fresh clone needs nothing else for', () => {
    const [, block = ''] = /```sh\n(.*?)```/s.exec(read('README.md')) ?? [];
    const commands = block.trim().split('\n');
    expect(commands).toHaveLength(2);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const command of commands) {
      const [, script = ''] = /^npm ci && npm (?:run --silent )?(\w+)$/.exec(command) ?? [];
      expect(Object.keys(scripts)).toContain(script);
    }
  });

  test('name every setting there is, and none that is not', () => {
    const settings = read('docs/settings.md').split('\n## ')[0] ?? '';
    const described = [...settings.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name);
    expect([...new Set(described)].toSorted()).toEqual(SETTING_NAMES.toSorted());
  });

  test('tell of every list there is, and of all that came with later definitions', () => {
    const page = read('docs/figures.md');
    const [, definitions = ''] = /^## Definitions\n(.*?)^## /ms.exec(page) ?? [];
    expect(definitions).not.toBe('');
    for (const id of Object.keys(DIMENSIONS)) expect(page).toContain(`\`${id}\``);
    for (const [id, one] of Object.entries<Declaration>({ ...COUNTS, ...TIMES, ...DIMENSIONS })) {
      if (one.since !== undefined) expect(definitions).toContain(`\`${id}\``);
    }
  });

  test('explain every reason for which a day is not proven', () => {
    const reasons = read('functions/capture/coverage.ts').matchAll(/^ {2}\| '([a-z-]+)'/gm);
    const names = [...reasons].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(read('docs/lake.md')).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  });

  test('name every form of a report: where it lies, how it is asked for, and its key in an event', () => {
    const [, files = ''] = /^reports\/dt=[\d-]+\/(summary\.json.*)$/m.exec(read('docs/lake.md')) ?? [];
    expect(files.split(' · ').toSorted()).toEqual(OFFERS.map(({ file }) => file).toSorted());
    for (const { id, file, mediaType } of FORMATS) {
      expect(read('docs/api.md')).toContain(`Accept: ${mediaType}'`);
      expect(read('docs/events.md')).toMatch(new RegExp(`"${id}": "reports/dt=[\\d-]+/${file}"`));
    }
  });

  test('link to files that are there', () => {
    for (const path of globSync('{README,CONTRIBUTING,CHANGELOG,docs/**/*}.md', { cwd: top })) {
      for (const [, target = ''] of read(path).matchAll(/\]\(([^)#:]+)\)/g)) {
        expect(existsSync(join(top, dirname(path), target)), `${path}: ${target}`).toBe(true);
      }
    }
  });

  test('link to headings that are there', () => {
    for (const path of globSync('{README,CONTRIBUTING,CHANGELOG,docs/**/*}.md', { cwd: top })) {
      for (const [, target = '', anchor = ''] of read(path).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)) {
        const page = read(target === '' ? path : join(dirname(path), target));
        expect(anchorsOf(page), `${path}: ${target}#${anchor}`).toContain(anchor);
      }
    }
  });

  test('name files that are there', () => {
    const named = globSync('{README,CONTRIBUTING,docs/**/*}.md', { cwd: top }).flatMap((path) =>
      [
        ...read(path).matchAll(
          /`([\w-]+\/[\w./-]*\.(?:ts|md|sql)|(?:bin|docs|functions|lib|test)\/[\w./-]*)`/g,
        ),
      ].map(([, name = '']) => ({ path, name })),
    );
    // A decision may leave out the folder that all of its files are in.
    const places = ['', 'functions'];
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ name }) => places.every((place) => !existsSync(join(top, place, name))))).toEqual(
      [],
    );
  });
  test('leave out words that say less than the noun they stand for', () => {
    for (const path of globSync('{README,CONTRIBUTING,CHANGELOG,docs/**/*}.md', { cwd: top })) {
      const found =
        withoutGenerated(path, read(path)).match(/\b(whoever|whatever|somebody|nobody|anew)\b/gi) ?? [];
      expect([path, ...found]).toEqual([path]);
    }
  });
});

describe('the commands in the documents', () => {
  const documented = readDocumentedCommands();

  test('are found', () => {
    const programs = new Set(documented.map(({ command: [program] }) => program));
    expect([...programs]).toEqual(expect.arrayContaining(['aws', 'chat-report', 'curl', 'npm', 'npx']));
    expect(documented.length).toBeGreaterThan(50);
  });

  test('stand in fences that name their language', () => {
    const known = ['ini', 'json', 'mermaid', 'sh', 'sql', 'text', 'ts'];
    const others = readFences().filter(({ language }) => !known.includes(language));
    expect(others.map(({ path, content }) => `${path}: ${content.split('\n')[0]}`)).toEqual([]);
  });

  test.each(documented.map((one) => [`${one.path}: ${one.command.join(' ')}`, one]))(
    'are understood: %s',
    async (_title, one) => {
      expect(await checkCommand(one)).toEqual([]);
    },
  );

  test.each([
    ['a program that no check knows', 'gcloud auth login'],
    ['a script that is not there', 'npm run dance'],
    ['a flag of a script that is not there', 'npm run soak -- --minutes 3'],
    ['a command of ours that is not there', 'npx chat-report dance'],
    ['a flag of ours that is not there', 'npx chat-report run --dance'],
    ['a word too many', 'npx chat-report run yesterday'],
    ['a test that is not there', 'npx vitest run test/dance.test.ts'],
    ['an option that the CDK has not', 'npx cdk deploy --dance'],
    ['a service that AWS has not', 'aws dance get-dance'],
    ['an operation that a service has not', 'aws lambda dance'],
    ['a flag that an operation has not', 'aws lambda invoke --function-name f --dance out'],
    ['a setting that is not there', 'export CARESOFT_DANCE=1'],
    ['what is wrong within another command', 'aws sqs purge-queue --queue-url $(aws sqs dance)'],
  ])('notices %s', async (_title, script) => {
    const problems = await Promise.all(
      readCommands(script).map((command) => checkCommand({ command, text: '' })),
    );
    expect(problems.flat()).toHaveLength(1);
  });
});
