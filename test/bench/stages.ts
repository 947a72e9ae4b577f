import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { rebuildDays } from '../../bin/commands/rebuild-days.ts';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { dialectOf, readAnswer, unpackPage } from '../../functions/capture/captures.ts';
import { toChannelCoverage, toCoverage } from '../../functions/capture/coverage.ts';
import { addPage } from '../../functions/capture/read-chats.ts';
import { RowCensus } from '../../functions/capture/row-census.ts';
import { erasePerson } from '../../functions/erasure/erase-person.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { makeWorkbook } from '../../functions/pipeline/report-parts.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { ReportStore } from '../../functions/pipeline/report-store.ts';
import { type Basis, readExtracts, summarize } from '../../functions/pipeline/summarize.ts';
import { TEXT_FORMATS } from '../../functions/report/formats.ts';
import type { ReportInput } from '../../functions/report/report-input.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { accountOf, held, linkView, openView, settingsOf } from './lakes.ts';
import { type OpenedStage, type OpenStage, RARE_CUSTOMER, type StageId } from './measured.ts';
import { capturesOf, DAY, pagesOf } from './places.ts';

/** What is measured: each stage by the doors that the program itself uses. What is done before `work` does not count. */

type Read = Pick<Lake, 'get' | 'list'>;

export const STAGES: Readonly<Record<StageId, OpenStage>> = {
  figures: async (folder) => {
    const lake = openView(folder, 'alone');
    const basis = basisOf(folder);
    return { work: () => summarize(basis, lake, null) };
  },
  tables: openTables,
  'tables-limited': openTables,
  workbook: async (folder) => {
    const lake = openView(folder, 'reported');
    const input = await inputOf(folder, lake);
    return { work: () => makeWorkbook(input, lake) };
  },
  forms: async (folder) => {
    const input = await inputOf(folder, openView(folder, 'reported'));
    return {
      work: () => {
        for (const { render } of TEXT_FORMATS) render(input);
      },
    };
  },
  derive: (folder) => openDerive(folder, 'alone'),
  'derive-with-history': (folder) => openDerive(folder, 'history'),
  'derive-limited': (folder) => openDerive(folder, 'history'),
  rebuild: async (folder) => {
    const scratch = await linkView(folder, 'history');
    const settings = settingsOf(scratch);
    const quiet = { out: () => {}, err: () => {} };
    const pace = { requestsPerSecond: 1, settleMs: 0 };
    const terminal = { environment: {}, now: Date.now(), isWatched: false, pace, ...quiet };
    return {
      work: async () => {
        if ((await rebuildDays(settings, [DAY], terminal, (words) => words)) !== 0)
          throw new Error('the day was not rebuilt');
      },
      clear: () => rm(scratch, { recursive: true }),
    };
  },
  census: (folder) => {
    const captures = capturesOf(folder);
    const { reading } = accountOf(folder);
    return {
      work: async () => {
        for (const capture of captures) {
          const { manifest } = capture;
          const dialect = dialectOf(manifest);
          const census = new RowCensus(manifest.day, manifest.channel, { ...reading, dialect });
          for (const { page, path } of pagesOf(capture)) {
            const body = unpackPage(readFileSync(path));
            if (body === null) throw new Error(`${path} is damaged`);
            addPage(census, page, readAnswer(body, page.charset, dialect).rows);
          }
          census.finalize();
        }
      },
    };
  },
  erase: async (folder) => {
    const lake = openFolder(folder);
    const { locale } = accountOf(folder);
    const request = { given: `id:${RARE_CUSTOMER}`, dryRun: true, now: Date.now() };
    const ports = { outbox: openFolder(`${folder}/outbox`), objectVersions: null, locale };
    return { work: () => erasePerson(request, { ...ports, lake: held(lake), random: systemRandom }) };
  },
};

async function openTables(folder: string): Promise<OpenedStage> {
  const lake = openView(folder, 'reported');
  const summary = await summaryOf(lake);
  return {
    work: async () => {
      const extracts = await readExtracts(summary, lake, { tables: true });
      for await (const _table of extracts.tables());
    },
  };
}

async function openDerive(folder: string, view: 'alone' | 'history'): Promise<OpenedStage> {
  const scratch = await linkView(folder, view);
  const basis = basisOf(folder);
  const { locale } = accountOf(folder);
  return {
    work: () => new ReportStore(held(openFolder(scratch))).derive(basis, locale, { force: true }),
    clear: () => rm(scratch, { recursive: true }),
  };
}

function basisOf(folder: string): Basis {
  const channels = capturesOf(folder).map(({ manifest }) => [manifest.channel, toChannelCoverage(manifest)]);
  return { day: DAY, completeness: toCoverage(Object.fromEntries(channels)), counting: accountOf(folder) };
}

async function summaryOf(lake: Read): Promise<Summary> {
  const summary = await new ReportReader(lake).read({ day: DAY });
  if (summary === null) throw new Error('the lake has no report of the day: remove it, and it is made again');
  return summary;
}

async function inputOf(folder: string, lake: Read): Promise<ReportInput> {
  const reader = new ReportReader(lake);
  return await reader.withWaiting(
    await reader.inputFor(await summaryOf(lake), accountOf(folder).locale, null),
  );
}
