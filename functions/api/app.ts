import { Hono } from 'hono';
import { describeApi } from './openapi.ts';
import type { OnDemandPorts } from './ports.ts';
import { listReports, oneReport, waitingList } from './reports.ts';
import { logFailure, mountOthers, Problem, type Route, toResponse, unforeseen } from './route.ts';
import { askForReports, followRuns } from './runs.ts';
import { viewReport } from './share.ts';

/**
 * The API. What is added to it later, such as pages, has its errors answered in the same way.
 *
 * In no answer is anything internal: what went wrong is in the log.
 */
export function openApp(ports: OnDemandPorts): Hono {
  return serve(routesOf(ports), ports);
}

/** What is open to whoever has a link, and nothing else. */
export function openViews(ports: OnDemandPorts): Hono {
  return serve([viewReport(ports)], ports);
}

function serve(routes: readonly Route[], { log }: OnDemandPorts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    // A page tells its reader in its own way, and leaves it to this place to tell the log.
    if (context.error) logFailure(context.error, { method: context.req.method, route: 'a page' }, log);
    context.res.headers.set('x-content-type-options', 'nosniff');
  });
  for (const one of routes) one.mount(app, log);
  mountOthers(app, routes);
  app.notFound(() =>
    toResponse(new Problem(404, 'There is nothing here. GET /openapi.json says what there is.')),
  );
  app.onError(() => toResponse(unforeseen()));
  return app;
}

function routesOf(ports: OnDemandPorts): Route[] {
  const routes: Route[] = [
    askForReports(ports),
    followRuns(ports),
    listReports(ports),
    oneReport(ports),
    waitingList(ports),
    viewReport(ports),
  ];
  return [...routes, describeApi(() => routes)];
}
