import { describe, expect, test } from 'vitest';
import { negotiate } from '../../functions/api/route.ts';

const [JSON_TYPE, HTML, TEXT] = ['application/json', 'text/html', 'text/plain'] as const;

describe('the form that suits an Accept header best', () => {
  test.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['text/*', HTML],
    ['text/html', HTML],
    ['TEXT/HTML; charset=utf-8', HTML],
    ['text/html, application/json', JSON_TYPE],
    ['text/html;q=0.9, application/json;q=0.8', HTML],
    ['text/html;q=0.2, text/plain ; q=0.3', TEXT],
    // What is named is meant more than what is let pass.
    ['*/*, text/plain', TEXT],
    ['text/*;q=1, text/html;q=0.5', TEXT],
    ['*/*;q=0.1, application/json;q=0', HTML],
    ['application/json;q=0, */*;q=0', null],
    ['image/png', null],
    ['json', null],
    ['text/html;q=2', null],
    ['text/html;q=', null],
  ])('%j is %s', (accept, best) => {
    expect(negotiate(accept, [JSON_TYPE, HTML, TEXT])).toBe(best);
  });
});
