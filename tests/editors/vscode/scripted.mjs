// The scripted model server of a session, and the configuration that names it.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { home, out, until } from './workbench.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const requests = join(out, 'requests.jsonl');

const TIERS = Object.fromEntries(['nano', 'mini', 'flagship'].map((name) => [name, { model: `${name}-model`, input: 2, output: 8 }]));

/**
 * Starts it and writes the user's configuration.
 *
 * @param delays the seconds by which the answers to a schema are held back, by its name
 * @param tiers the model and the prices of each tier
 * @param story other answers, for another workspace than the sessions'
 * @param keyEnv the variable that holds the key, where one is wanted
 * @param more what else stands in the configuration
 * @returns the process
 */
export async function startModels({ delays = {}, tiers = TIERS, story, keyEnv, more = '' } = {}) {
  const port = join(home, 'port');
  const told = Object.fromEntries(Object.entries(delays).map(([schema, seconds]) => [`DELAY_${schema}`, String(seconds)]));
  if (story !== undefined) {
    told.STORY = join(home, 'story.json');
    writeFileSync(told.STORY, JSON.stringify(story));
  }
  const models = spawn('python3', [join(here, '..', 'models.py'), port, requests], { stdio: 'inherit', env: { ...process.env, ...told } });
  await until(() => existsSync(port));
  const tier = ([name, { model, input, output }]) => `[tiers.${name}]
provider = "local"
base_url = "http://127.0.0.1:${readFileSync(port, 'utf8')}/v1"
model = "${model}"
price = { input = ${input.toFixed(2)}, output = ${output.toFixed(2)} }
${keyEnv === undefined ? '' : `key_env = "${keyEnv}"\n`}`;
  mkdirSync(join(home, 'config', 'tierline'), { recursive: true });
  writeFileSync(join(home, 'config', 'tierline', 'config.toml'), `${Object.entries(tiers).map(tier).join('\n')}\n${more}`);
  return models;
}

/** What it was asked for so far, in order. */
export function asked() {
  return existsSync(requests) ? readFileSync(requests, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
}
