import { Hono } from 'hono';
import { describeApi } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { listReports, oneReport, waitingList } from './reports.ts';
import {
  logFailure,
  mountOtherMethods,
  Problem,
  type Route,
  toResponse,
  unexpectedProblem,
} from './route.ts';
import { askForReports, followRuns } from './runs.ts';
import { sharedReport } from './share.ts';

/**
 * The API. Routes that are added later, such as pages, have their errors answered in the same way.
 *
 * Unexpected errors go to the log. The answer holds no details.
 *
 * @param takesTokens whether callers with a token of the company's issuer are let in too
 * @param elsewhere answers what no route does; null where nothing does
 */
export function openApp(
  ports: ApiPorts,
  { takesTokens = false, elsewhere = null }: { takesTokens?: boolean; elsewhere?: Hono | null } = {},
): Hono {
  return openRoutes(routesOf(ports, takesTokens), ports, elsewhere);
}

/** The one route that a person reads by: a report in each of its forms. Pages stand beside it. */
export function openReadingApi(ports: ApiPorts): Hono {
  return openRoutes([oneReport(ports)], ports);
}

/** The routes that need a link from a mail and no signature. */
export function openShareApi(ports: ApiPorts): Hono {
  return openRoutes([sharedReport(ports)], ports);
}

function openRoutes(routes: readonly Route[], { log }: ApiPorts, elsewhere: Hono | null = null): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    // A page answers its errors itself, and leaves the log to this place.
    if (context.error) logFailure(context.error, { method: context.req.method, route: 'a page' }, log);
    context.res.headers.set('x-content-type-options', 'nosniff');
  });
  for (const one of routes) one.mount(app, log);
  mountOtherMethods(app, routes);
  app.notFound(({ req }) =>
    elsewhere === null
      ? toResponse(new Problem(404, 'There is nothing here. GET /openapi.json says what there is.'))
      : elsewhere.request(req.raw),
  );
  app.onError(() => toResponse(unexpectedProblem()));
  return app;
}

function routesOf(ports: ApiPorts, takesTokens: boolean): Route[] {
  const routes: Route[] = [
    askForReports(ports),
    followRuns(ports),
    listReports(ports),
    oneReport(ports),
    waitingList(ports),
    sharedReport(ports),
  ];
  return [...routes, describeApi(() => routes, takesTokens)];
}
