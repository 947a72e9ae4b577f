import { describe, expect, onTestFinished, test } from 'vitest';
import { openShareApi } from '../../functions/api/app.ts';
import { behindGateway } from '../../functions/api.lambda.ts';
import { makeShareToken, readShareToken } from '../../functions/delivery/share-link.ts';
import { addPages } from '../../functions/web/app.ts';
import { isSession, makeSession } from '../../functions/web/sign-in.ts';
import {
  type Answered,
  type Asked,
  DAY,
  NOON,
  posted,
  publish,
  RECIPIENT,
  serveApi,
  toAnswered,
  toEvent,
  VIEW_KEY,
} from '../api/served.ts';
import { fc } from '../property.ts';
import { type OpenSignIn, openSignIn } from './open-sign-in.ts';
import { CLIENT, type IssuerBehaviour, PERSON, serveIssuer } from './serve-issuer.ts';

const HOUR = 3_600_000;
const DEEP = `/pages/days/${DAY}?lang=en`;

async function opened(options: Parameters<typeof serveIssuer>[0] = {}): Promise<OpenSignIn> {
  const { secret = null } = options;
  const issuer = await serveIssuer(options);
  onTestFinished(() => issuer.close());
  const open = openSignIn(issuer, secret);
  await publish(open.ports.lake);
  return open;
}

describe('A person without a session', () => {
  test('is sent to the issuer and back to the page that they asked for', async () => {
    const { browser, issuer } = await opened();
    const sent = await browser.get(DEEP);
    expect(sent.status).toBe(302);
    expect(sent.headers.get('cache-control')).toBe('no-store');
    const asked = new URL(sent.headers.get('location') ?? '');
    expect(asked.href.startsWith(`${issuer.url}/authorize?`)).toBe(true);
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      client_id: CLIENT,
      response_type: 'code',
      redirect_uri: 'https://reports.example.com/pages/signed-in',
      scope: 'openid',
      state: expect.stringMatching(/^[0-9a-f]{32}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });

    const back = await browser.follow(sent);
    expect([back.status, back.headers.get('location')]).toEqual([302, DEEP]);
    const [session = ''] = back.headers.getSetCookie().filter((text) => text.startsWith('__Host-session='));
    expect(session).toMatch(
      /^__Host-session=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const page = await browser.get(DEEP);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Chat report');
    // Nothing of the person and nothing of the sign-in stays in the browser.
    expect([...browser.cookies.keys()]).toEqual(['__Host-session']);
    const [payload = ''] = (browser.cookies.get('__Host-session') ?? '').split('.');
    expect(Buffer.from(payload, 'base64url').toString()).toBe(String((NOON + 8 * HOUR) / 1_000));
  });

  test.each([
    ['in a header, where the issuer says nothing', null, 'Basic'],
    ['in a header, where it takes nothing else', ['client_secret_basic'], 'Basic'],
    ['in the body, where it takes that', ['client_secret_basic', 'client_secret_post'], undefined],
  ])('gets in where the issuer wants a secret of the program: %s', async (_title, methods, scheme) => {
    const { browser, issuer } = await opened({ secret: 'secret of the client', methods });
    expect(await browser.signIn(DEEP)).toBe(DEEP);
    const [token] = issuer.tokens;
    expect(token?.authorization?.split(' ')[0]).toBe(scheme);
    expect(token?.body.has('client_secret')).toBe(scheme === undefined);
  });

  test('sees no page of any kind, and the style and the icon alone', async () => {
    const { browser, started } = await opened();
    const paths = [
      '',
      '/',
      `/days/${DAY}`,
      `/days/${DAY}/xlsx`,
      `/reports/${DAY}`,
      '/search?q=Lan',
      '/trends',
      '/reports',
      '/openapi.json',
    ];
    for (const path of paths) {
      const answered = await browser.get(`/pages${path}`);
      expect([path, answered.status, answered.text]).toEqual([path, 302, '']);
    }
    expect((await browser.get('/pages/favicon.svg')).status).toBe(200);
    expect((await browser.get(DEEP, { method: 'HEAD' })).status).toBe(302);
    expect(started).toEqual([]);
  });

  test('may have some tabs open at once, and each gets its own page', async () => {
    const { browser } = await opened();
    const wanted = ['/pages/trends', DEEP, '/pages/search?q=Lan', '/pages', `/pages/days/${DAY}`];
    const sent = [];
    for (const path of wanted) sent.push(await browser.get(path));
    // The oldest is forgotten, because cookies fill the head of each request.
    expect([...browser.cookies.keys()]).toHaveLength(4);
    const back = [];
    for (const one of sent) back.push(await browser.follow(one));
    expect(back.slice(1).map(({ headers }) => headers.get('location'))).toEqual(wanted.slice(1));
    expect(back[0]?.status).toBe(400);
  });

  test('who comes from a page of ours is led on by a page, because a form may not lead elsewhere', async () => {
    const { browser, issuer } = await opened();
    const { status, text } = await browser.get('/pages/search?q=Lan&lang=en', {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(status).toBe(200);
    expect(text).toContain('You have to sign in again.');
    expect(text).toContain(`<meta http-equiv="refresh" content="0;url=${issuer.url}/authorize?`);
    expect(text).not.toContain('demo');
  });

  test.each([
    ['//evil.example.com', '/pages//evil.example.com'],
    ['/\\evil.example.com', '/pages//evil.example.com'],
    ['/%0d%0aset-cookie:%20a=b', '/pages/%0d%0aset-cookie:%20a=b'],
    ['?to=https://evil.example.com', '/pages?to=https://evil.example.com'],
    [`?q=${'x'.repeat(2_000)}`, '/pages'],
  ])('is never led to another host: by %s', async (path, wanted) => {
    const { browser } = await opened();
    expect(await browser.signIn(`/pages${path}`)).toBe(wanted);
    expect(new URL(wanted, 'https://reports.example.com').host).toBe('reports.example.com');
  });
});

describe('A sign-in that fails ends in words', () => {
  test.each<[IssuerBehaviour, number, string, string, RegExp]>([
    ['refuses the person', 403, 'You are not signed in.', 'refused', /access_denied/],
    ['is in trouble', 400, 'Signing in does not work now.', 'failed', /server_error/],
    ['refuses the code', 400, 'This sign-in cannot be used any more.', 'expired', /invalid_grant/],
    ['takes another client', 400, 'Signing in does not work now.', 'failed', /invalid_client/],
    ['tells another nonce', 400, 'Signing in does not work now.', 'failed', /nonce/],
    ['tells another audience', 400, 'Signing in does not work now.', 'failed', /aud/],
    ['tells another issuer', 400, 'Signing in does not work now.', 'failed', /iss/],
    ['signs with another key', 400, 'Signing in does not work now.', 'failed', /signature/],
    ['tells what is over', 400, 'Signing in does not work now.', 'failed', /exp/],
  ])('where the issuer %s', async (behaviour, status, says, kind, problem) => {
    const { browser, issuer, logged } = await opened();
    issuer.behaviour = behaviour;
    const answered = await browser.follow(await browser.get(DEEP), { headers: { 'accept-language': 'en' } });
    expect([answered.status, browser.cookies.has('__Host-session')]).toEqual([status, false]);
    expect(answered.text).toContain(says);
    expect(answered.text).toContain(`<a href="/pages/days/${DAY}?lang=en">Sign in</a>`);
    expect(logged).toEqual([{ event: 'sign-in-failed', kind, problem: expect.stringMatching(problem) }]);
    expectNoPerson(answered, logged);
  });

  test.each<IssuerBehaviour>(['breaks off', 'answers no JSON'])(
    'where the issuer %s, until it answers again',
    async (behaviour) => {
      const { browser, issuer, logged } = await opened();
      issuer.behaviour = behaviour;
      const answered = await browser.get(DEEP);
      expect(answered.status).toBe(502);
      expect(answered.text).toContain('Signing in does not work now.');
      expect(answered.headers.getSetCookie()).toEqual([]);
      expect(logged).toMatchObject([{ event: 'sign-in-failed', kind: 'failed' }]);
      expectNoPerson(answered, logged);
      issuer.behaviour = 'honest';
      expect(await browser.signIn(DEEP)).toBe(DEEP);
    },
  );

  test('where its state is another, or none, or of another browser', async () => {
    const { browser, another, issuer } = await opened();
    const sent = await browser.get(DEEP);
    const back = await browser.backFrom(sent);
    const other = '0123456789abcdef0123456789abcdef';
    const of = (state: string) => `/pages/signed-in?code=x&state=${state}`;
    const tried = [of(other), of(''), of('../../x'), '/pages/signed-in'];
    for (const path of tried) expect([path, (await browser.get(path)).status]).toEqual([path, 400]);
    // A person who is sent a link of another's sign-in does not get into it.
    expect((await another().get(back)).status).toBe(400);
    expect(issuer.tokens).toEqual([]);
    expect(browser.cookies.has('__Host-session')).toBe(false);
  });

  test('where it took more than ten minutes, or was used already', async () => {
    const { browser, clock } = await opened();
    const sent = await browser.get(DEEP);
    const back = await browser.backFrom(sent);
    clock.now += 600_000;
    expect((await browser.get(back)).status).toBe(400);
    clock.now -= 1_000;
    expect((await browser.get(back)).status).toBe(302);
    // Who goes back in the browser is not told of trouble.
    const again = await browser.get(back);
    expect([again.status, again.headers.get('location')]).toEqual([302, '/pages']);
    browser.cookies.delete('__Host-session');
    expect((await browser.get(back)).status).toBe(400);
  });

  test('where the view key cannot be read', async () => {
    const { browser, secrets, logged } = await opened();
    secrets.key = 'short';
    const answered = await browser.get(DEEP);
    expect(answered.status).toBe(500);
    expect(answered.text).toContain('Something went wrong here.');
    expect(logged).toMatchObject([
      { event: 'request-failed', route: 'a page', problem: expect.stringContaining('fewer than 43') },
    ]);
  });

  function expectNoPerson(answered: Answered, logged: readonly unknown[]): void {
    const said = answered.text + JSON.stringify([...answered.headers]) + JSON.stringify(logged);
    for (const text of Object.values(PERSON)) expect(said).not.toContain(text);
    expect(answered.text).not.toMatch(/\bat .*\.ts:\d/);
  }
});

describe('A session', () => {
  test('opens pages and the forms of a report, and keeps every link below /pages', async () => {
    const { browser } = await opened();
    await browser.signIn('/pages');
    for (const path of ['', '/', `/days/${DAY}`, '/trends', '/search?q=Ly', '/?year=2026', '/nothing']) {
      const { text } = await browser.get(`/pages${path}`, { headers: { accept: 'text/html' } });
      const links = [...text.matchAll(/(?:href|action)="(\/[^"]*)"/g)].map(([, link = '']) => link);
      expect(links.length, path).toBeGreaterThan(4);
      expect(links.filter((link) => !/^\/pages(?:$|[/?])/.test(link))).toEqual([]);
    }
    const { text } = await browser.get(`/pages/days/${DAY}`);
    const forms = [...text.matchAll(/href="(\/pages\/(?:reports\/|days\/[\d-]+\/)[^"]*)"/g)];
    expect(forms.length).toBeGreaterThan(3);
    for (const [, form = ''] of forms) expect([form, (await browser.get(form)).status]).toEqual([form, 200]);
    const [, style = ''] = /rel="stylesheet" href="([^"]+)"/.exec(text) ?? [];
    expect((await browser.get(style)).headers.get('content-type')).toContain('text/css');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('never changes anything: %s is refused', async (method) => {
    const { browser, started } = await opened();
    await browser.signIn('/pages');
    for (const path of ['/pages/reports', `/pages/reports/${DAY}`, '/pages/../reports', '/pages']) {
      const { status, headers } = await browser.get(path, { ...posted({ day: DAY }), method });
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    expect(started).toEqual([]);
  });

  test('reads no run, no list of the API and nothing outside of the pages', async () => {
    const { browser } = await opened();
    await browser.signIn('/pages');
    for (const path of [
      '/pages/runs/k012345678901234567890123',
      '/pages/reports',
      '/pages/openapi.json',
      '/pages/view/x',
      '/pages/../reports',
      '/reports',
      '/',
    ]) {
      expect([path, (await browser.get(path)).status]).toEqual([path, 404]);
    }
  });

  test('ends after eight hours, and with a new key', async () => {
    const { browser, clock, secrets } = await opened();
    await browser.signIn('/pages');
    clock.now += 8 * HOUR - 1_000;
    expect((await browser.get('/pages')).status).toBe(200);
    secrets.key = 'n'.repeat(64);
    expect((await browser.get('/pages')).status).toBe(302);
    secrets.key = VIEW_KEY;
    clock.now += 1_000;
    expect((await browser.get('/pages')).status).toBe(302);
  });

  test('ends at once with a sign-out, in this browser', async () => {
    const { browser } = await opened();
    await browser.signIn('/pages');
    const { text } = await browser.get('/pages?lang=en');
    expect(text).toContain('<a href="/pages/sign-out?lang=en">Sign out</a>');
    const out = await browser.get('/pages/sign-out?lang=en');
    expect(out.text).toContain('You are signed out.');
    expect(out.headers.get('clear-site-data')).toBe('"cache"');
    expect(browser.cookies.size).toBe(0);
    expect((await browser.get('/pages')).status).toBe(302);
  });

  test('is not to be had by a changed cookie, nor by the token of a link', async () => {
    const { browser } = await opened();
    const share = makeShareToken({ account: 'demo', day: DAY, to: RECIPIENT }, NOON + HOUR, VIEW_KEY);
    const good = makeSession(NOON + HOUR, 'demo', VIEW_KEY);
    const later = Buffer.from(String(NOON / 1_000 + 99_999)).toString('base64url');
    const wrong = [
      share,
      `${later}.${good.split('.')[1]}`,
      makeSession(NOON + HOUR, 'other', VIEW_KEY),
      makeSession(NOON + HOUR, 'demo', 'x'.repeat(64)),
      makeSession(NOON, 'demo', VIEW_KEY),
      '',
      'x'.repeat(5_000),
    ];
    for (const token of wrong) {
      browser.cookies.set('__Host-session', token);
      expect((await browser.get('/pages')).status).toBe(302);
    }
    browser.cookies.set('__Host-session', good);
    expect((await browser.get('/pages')).status).toBe(200);
    // Over https a cookie without the prefix may come from another host of the domain.
    browser.cookies.clear();
    browser.cookies.set('session', good);
    expect((await browser.get('/pages')).status).toBe(302);
  });

  test('is no link either', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const session = makeSession(NOON + HOUR, 'demo', VIEW_KEY);
    expect((await ask.event({ path: `/view/${session}` })).status).toBe(404);
    const who = { account: 'demo', recipients: [RECIPIENT], now: NOON };
    expect(readShareToken(session, who, VIEW_KEY)).toBeNull();
  });

  test('is good with no letter changed, for one account, one key, and until its end', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=';
    const account = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const key = fc.stringMatching(/^[A-Za-z0-9]{43,64}$/);
    const second = fc.integer({ min: 0, max: 4_000_000_000 });
    const change = fc.record({ place: fc.nat(200), letter: fc.constantFrom(...letters) });
    fc.assert(
      fc.property(
        account,
        account,
        key,
        key,
        second,
        second,
        change,
        (name, other, one, two, endsAt, now, { place, letter }) => {
          const token = makeSession(endsAt * 1_000, name, one);
          const at = { account: name, now: now * 1_000 };
          expect(isSession(token, at, one)).toBe(endsAt > now);
          const early = { account: name, now: -1 };
          expect(isSession(token, early, one)).toBe(true);
          expect(isSession(token, { ...early, account: other }, one)).toBe(other === name);
          expect(isSession(token, early, two)).toBe(one === two);
          const altered = token.slice(0, place) + letter + token.slice(place + 1);
          expect(isSession(altered, early, one)).toBe(altered === token);
          expect(readShareToken(token, { account: name, recipients: [RECIPIENT], now: 0 }, one)).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('Behind API Gateway', () => {
  async function gateway() {
    const open = await opened();
    const { app, started, lake, ports } = await serveApi();
    addPages(app, ports);
    await publish(lake);
    const answer = behindGateway(app, openShareApi(open.ports), open.app);
    const asked = async (request: Asked, changes: object = {}) => {
      const event = { ...toEvent(request), ...changes };
      return toAnswered(JSON.parse(JSON.stringify(await answer(event as never))));
    };
    return { ...open, asked, started };
  }

  test('a program with a token does all that a signed request does, below /jwt', async () => {
    const { asked, started } = await gateway();
    const read = await asked({ path: `/jwt/reports/${DAY}` });
    expect([read.status, JSON.parse(read.text).day]).toEqual([200, DAY]);
    expect((await asked({ ...posted({ day: DAY }), path: '/jwt/reports' })).status).toBe(202);
    expect(started).toHaveLength(1);
  });

  test('a route decides what is answered, and no path does', async () => {
    const { asked } = await gateway();
    for (const path of [
      `/jwt/reports/${DAY}`,
      `/reports/${DAY}`,
      '/pages/../reports',
      '/pages/../jwt/reports',
    ]) {
      for (const routeKey of ['ANY /view/{token}', 'ANY /pages/{proxy+}', 'ANY /pages', 'ANY /other']) {
        const { status, text } = await asked({ path }, { routeKey });
        expect([routeKey, path, status, text.includes('chat-report/1')]).toEqual([
          routeKey,
          path,
          404,
          false,
        ]);
      }
    }
    expect((await asked({ path: '/jwt/reports' }, { routeKey: 'ANY /{proxy+}' })).status).toBe(404);
  });

  test.each(['..', '.', '%2e%2E', '.%2e', '.\t.', '..\\', '..?', '..#'])(
    'a path says what a permission to /reports/* is for, and no part of it leads out: %j',
    async (dots) => {
      const { asked } = await gateway();
      for (const rawPath of [`/reports/${dots}/trends`, `/reports/${dots}`, `/jwt/reports/${dots}/trends`]) {
        const { status } = await asked({ path: rawPath.startsWith('/jwt') ? '/jwt/x' : '/' }, { rawPath });
        expect([rawPath, status]).toEqual([rawPath, 404]);
      }
      expect((await asked({ path: '/trends' })).status).toBe(200);
    },
  );

  test('a browser gets its cookies, and comes in with them', async () => {
    const { asked } = await gateway();
    const sent = await asked({ path: '/pages' });
    const set = sent.headers.getSetCookie();
    expect([sent.status, set]).toEqual([302, [expect.stringMatching(/^__Host-sign-in-/)]]);
    const { searchParams } = new URL(sent.headers.get('location') ?? '');
    expect(searchParams.get('redirect_uri')).toBe(
      'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/pages/signed-in',
    );
    const cookies = [`__Host-session=${makeSession(NOON + HOUR, 'demo', VIEW_KEY)}`];
    expect((await asked({ path: '/pages', cookies })).status).toBe(200);
    expect((await asked({ path: `/pages/days/${DAY}`, cookies })).status).toBe(200);
  });

  test('the pages are not there where there is no sign-in', async () => {
    const { gateway: plain } = await serveApi();
    expect(await plain(toEvent({ path: '/pages' }) as never)).toMatchObject({ statusCode: 404 });
  });
});
