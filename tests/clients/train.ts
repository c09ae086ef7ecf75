// Trains a run with the generated types, and prints how it ended and its history: `node train.js http://127.0.0.1:8000`.

import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

declare const process: { argv: string[] };
type Problem = components['schemas']['Problem'];

/** The data of an answer; an error with the playground's own sentence where it refuses. */
function told<Data>(answer: { data?: Data; error?: Problem }): Data {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? 'no answer');
  return answer.data;
}

const client = createClient<paths>({ baseUrl: process.argv[2] });
const request: components['schemas']['RunRequest'] = { config: { dataset: 'xor', networkShape: [3] }, epochs: 30 };
let run = told(await client.POST('/api/v1/runs', { body: request }));
const params = { path: { id: run.id } };
while (run.status === 'queued' || run.status === 'running') {
  await new Promise((resolve) => setTimeout(resolve, 50));
  run = told(await client.GET('/api/v1/runs/{id}', { params }));
}
const table = told(await client.GET('/api/v1/runs/{id}/history', { params }));
if (typeof table === 'string') throw new Error('CSV was not asked for');
const losses: number[] = table.history.map((row) => row.test_loss);
console.log(JSON.stringify({ status: run.status, dataset: run.config.dataset, units: run.config.networkShape, losses }));
