import { writeXlsx } from 'hucre/xlsx';
import { layOutOverview } from './lay-out-overview.ts';
import { layOutTable } from './lay-out-table.ts';
import type { Workbook } from './sheet.ts';
import { stylesFor } from './styles.ts';

/** The workbook as an .xlsx file: from the same value the same bytes, and no formula among them. */
export async function writeWorkbook(workbook: Workbook): Promise<Uint8Array> {
  const { title, locale, at, overview, sheets } = workbook;
  const styles = stylesFor(locale);
  const made = new Date(at);
  return await writeXlsx({
    sheets: [layOutOverview(overview, styles), ...sheets.map((sheet) => layOutTable(sheet, styles))],
    properties: {
      ...{ title, creator: 'chat-report', lastModifiedBy: 'chat-report', created: made, modified: made },
    },
    namedRanges: sheets.map(({ name }) => ({
      name: '_xlnm.Print_Titles',
      // By itself the library leaves out the quotes that a name with a space needs.
      range: `'${name.replaceAll("'", "''")}'!$1:$1`,
      scope: name,
    })),
  });
}
