import { type LocalServer, serveLocally, type WholeRequest } from './serve-locally.ts';

/** What AWS answers to an operation: the content of the answer, or an error by its code. */
export type OperationAnswer = object | string | { readonly error: string; readonly says?: string };
type Answering = OperationAnswer | ((input: Readonly<Record<string, string>>) => OperationAnswer);

export interface Operations extends LocalServer {
  /** By operation, such as `DescribeStacks`. XML is text; all else is an object. One that is not here is refused. */
  readonly answers: Record<string, Answering>;
  /** The operations that were asked for, with what came along. */
  readonly asked: { readonly operation: string; readonly input: Readonly<Record<string, string>> }[];
}

/** The operations that are told by method and path. What the path holds is input too. */
const ROUTES: readonly (readonly [RegExp, string])[] = [
  [/^GET \/schedules\/(?<Name>[^/]+)$/, 'GetSchedule'],
  [/^GET \/schedules$/, 'ListSchedules'],
  [/^GET \/v2\/email\/account$/, 'GetAccount'],
  [/^GET \/v2\/email\/identities\/(?<EmailIdentity>[^/]+)$/, 'GetEmailIdentity'],
  [/^GET \/v2\/email\/configuration-sets\/(?<ConfigurationSetName>[^/]+)$/, 'GetConfigurationSet'],
  [/^GET \/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/versions$/, 'ListVersionsByFunction'],
  [/^GET \/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/configuration$/, 'GetFunctionConfiguration'],
  [/^POST \/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/invocations$/, 'Invoke'],
  [
    /^GET \/2025-12-01\/functions\/(?<FunctionName>[^/]+)\/durable-executions$/,
    'ListDurableExecutionsByFunction',
  ],
  [/^GET \/2025-12-01\/durable-executions\/(?<DurableExecutionArn>[^/]+)$/, 'GetDurableExecution'],
];

/** All services of AWS that a look at an account asks, but S3, at one address. */
export async function startOperations(answers: Record<string, Answering>): Promise<Operations> {
  const asked: Operations['asked'] = [];
  const server = await serveLocally((request, response) => {
    const { operation, input, isXml } = readOperation(request);
    asked.push({ operation, input });
    const given = answers[operation] ?? { error: 'UnknownOperationException' };
    const answer = typeof given === 'function' ? given(input) : given;
    const { status, errorType, functionError, body } = toResponse(operation, answer, isXml);
    response.writeHead(status, {
      'content-type': isXml ? 'text/xml' : 'application/json',
      ...(errorType !== undefined && { 'x-amzn-errortype': errorType }),
      ...(functionError !== undefined && { 'x-amz-function-error': functionError }),
    });
    response.end(body);
  });
  return { ...server, answers, asked };
}

function toResponse(
  operation: string,
  answer: OperationAnswer,
  isXml: boolean,
): {
  readonly status: number;
  readonly errorType?: string;
  readonly functionError?: string;
  readonly body: string;
} {
  if (typeof answer === 'string') {
    return {
      status: 200,
      body: `<${operation}Response><${operation}Result>${answer}</${operation}Result></${operation}Response>`,
    };
  }
  if (!('error' in answer)) {
    const { functionError, ...content } = answer as { functionError?: string };
    return { status: 200, ...(functionError && { functionError }), body: JSON.stringify(content) };
  }
  const { error: errorType, says = '' } = answer as { error: string; says?: string };
  return {
    status: errorType.includes('NotFound') ? 404 : 400,
    errorType,
    body: isXml
      ? `<ErrorResponse><Error><Type>Sender</Type><Code>${errorType}</Code><Message>${says}</Message></Error></ErrorResponse>`
      : JSON.stringify({ __type: errorType, message: says }),
  };
}

function readOperation({ method, url, headers, body }: WholeRequest): {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
  readonly isXml: boolean;
} {
  const target = headers['x-amz-target'];
  const text = body.toString();
  if (typeof target === 'string') {
    return { operation: target.split('.').at(-1) ?? '', input: JSON.parse(text), isXml: false };
  }
  for (const [pattern, operation] of ROUTES) {
    const found = pattern.exec(`${method} ${url.pathname}`);
    if (found === null) continue;
    const inPath = Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    const input = { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(inPath), payload: text };
    return { operation, input, isXml: false };
  }
  const form = Object.fromEntries(new URLSearchParams(text));
  return { operation: form.Action ?? '', input: form, isXml: true };
}
