// The pictures of the READMEs, light and dark: tests/editors/run BINARY pictures. Not a test; what is seen has to be looked at.
//
// The model server is a script, and the report's older requests are made up, by the prices that stand here, so that there is a month to
// draw.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startModels } from './scripted.mjs';
import { check, home, until, Workbench, workspace } from './workbench.mjs';

const NEXT_DELAY = 'pub fn next_delay(&self, attempt: u32, spent: Duration) -> Option<Duration>';
const models = await startModels({
  tiers: {
    nano: { model: 'qwen2.5-coder-1.5b', input: 0.2, output: 1.25 },
    mini: { model: 'qwen2.5-coder-14b', input: 0.75, output: 4.5 },
    flagship: { model: 'qwen3-coder-480b', input: 2.5, output: 15 },
  },
  story: {
    summary: 'Doubles the pause with each attempt, and gives none once the attempts are used up.',
    plan: {
      summary: 'A request is given up once it has taken too long, however few its attempts.',
      invariants: ['A request that is answered in time is sent as often as before.'],
      steps: [
        { id: 'e1', kind: 'edit_symbol', file: 'src/config.rs', symbols: ['Limits'], goal: 'Add the longest time that a request may take.' },
        { id: 'e2', kind: 'change_signature', file: 'src/retry.rs', symbols: ['RetryPolicy::next_delay'], goal: 'Give up, too, once that time is spent.', interface: [NEXT_DELAY], depends_on: ['e1'] },
        { id: 'e3', kind: 'edit_symbol', file: 'src/client.rs', symbols: ['Client::send'], goal: 'Pass the time since the first attempt.', depends_on: ['e2'] },
        { id: 'e4', kind: 'edit_symbol', file: 'src/queue.rs', symbols: ['drain'], goal: 'Pass no time: a job in the queue has not begun.', depends_on: ['e2'] },
        { id: 'e5', kind: 'edit_symbol', file: 'tests/retry.rs', symbols: ['gives_up_after_the_last_attempt'], goal: 'Set the longest time and pass none.', depends_on: ['e2'] },
      ],
    },
    edits: {
      'Add the longest time that a request may take.': [['pub first_delay: Duration,', 'pub first_delay: Duration,\n    pub longest: Duration,']],
      'Give up, too, once that time is spent.': [
        ['attempt: u32)', 'attempt: u32, spent: Duration)'],
        ['(attempt < self.limits.attempts)', '(attempt < self.limits.attempts && spent < self.limits.longest)'],
      ],
      'Pass the time since the first attempt.': [
        ['for attempt in 0..', 'let begun = std::time::Instant::now();\n        for attempt in 0..'],
        ['next_delay(attempt)', 'next_delay(attempt, begun.elapsed())'],
      ],
      'Pass no time: a job in the queue has not begun.': [['next_delay(0)', 'next_delay(0, std::time::Duration::ZERO)']],
      'Set the longest time and pass none.': [
        ['first_delay: Duration::from_millis(10) }', 'first_delay: Duration::from_millis(10), longest: Duration::from_secs(1) }'],
        ['next_delay(1)', 'next_delay(1, Duration::ZERO)'],
      ],
    },
  },
});

const files = {
  'src/retry.rs': `//! When a request is sent again, and after how long.

use std::time::Duration;

use crate::config::Limits;

/// Decides whether a failed request is sent again.
pub struct RetryPolicy {
    limits: Limits,
}

impl RetryPolicy {
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }

    /// The pause before the next attempt; \`None\` when it is time to give up.
    pub fn next_delay(&self, attempt: u32) -> Option<Duration> {
        (attempt < self.limits.attempts).then(|| backoff(self.limits.first_delay, attempt))
    }
}

fn backoff(first: Duration, attempt: u32) -> Duration {
    first * 2u32.saturating_pow(attempt)
}
`,
  'src/config.rs': `use std::time::Duration;

/// How often and how long to try.
pub struct Limits {
    pub attempts: u32,
    pub first_delay: Duration,
}
`,
  'src/client.rs': `use crate::retry::RetryPolicy;

/// Sends requests, again where the policy says so.
pub struct Client {
    policy: RetryPolicy,
}

impl Client {
    pub fn send(&self, body: &str) -> Result<String, String> {
        for attempt in 0.. {
            match post(body) {
                Ok(answer) => return Ok(answer),
                Err(error) => match self.policy.next_delay(attempt) {
                    Some(delay) => std::thread::sleep(delay),
                    None => return Err(error),
                },
            }
        }
        unreachable!()
    }
}

fn post(body: &str) -> Result<String, String> {
    Ok(body.to_owned())
}
`,
  'src/queue.rs': `use crate::retry::RetryPolicy;

// tierline: rename RetryPolicy to BackoffPolicy
pub fn drain(policy: &RetryPolicy, jobs: Vec<String>) -> usize {
    jobs.iter().filter(|_| policy.next_delay(0).is_some()).count()
}
`,
  'src/lib.rs': 'pub mod client;\npub mod config;\npub mod queue;\npub mod retry;\n',
  'tests/retry.rs': `use demo::config::Limits;
use demo::retry::RetryPolicy;
use std::time::Duration;

#[test]
fn gives_up_after_the_last_attempt() {
    let policy = RetryPolicy::new(Limits { attempts: 1, first_delay: Duration::from_millis(10) });
    assert_eq!(policy.next_delay(1), None);
}
`,
  'Cargo.toml': '[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2024"\n',
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}
mkdirSync(join(workspace, '.git'));

const workbench = await Workbench.start({ settings: { 'workbench.activityBar.location': 'hidden', 'breadcrumbs.enabled': false } });
const { page } = workbench;

/** The whole screen in this theme, and the part of it that the READMEs show. */
async function keep(name, theme, x, y, width, height) {
  await workbench.picture(`${name}-${theme}`);
  if (theme === 'dark' && height !== undefined) {
    await workbench.picture(`readme-${name}`, { x, y, width, height });
  }
}

async function pictures(theme) {
  await workbench.open('src/retry.rs');
  await workbench.hover('next_delay', 0, 'Doubles');
  await page.waitForTimeout(800);
  await keep('hover', theme, 0, 36, 900, 530);
  await workbench.leaveHover();

  await workbench.command('Tierline: Look Up');
  await workbench.type('where are retries decided?');
  await until(async () => (await workbench.rows()).length > 2);
  await page.waitForTimeout(800);
  await keep('lookup', theme);
  await page.keyboard.press('Escape');

  await workbench.open('src/queue.rs');
  await workbench.goTo(3, 5);
  await workbench.actions('Refactor...');
  await keep('menu', theme);
  await page.keyboard.press('Escape');

  await workbench.command('Tierline: Refactor across Files');
  await workbench.enter('give a request up, too, when it has taken too long');
  const lens = page.locator('.codelens-decoration a', { hasText: 'Apply the ticked steps' });
  await until(() => lens.count());
  await workbench.command('Notifications: Clear All Notifications');
  await page.setViewportSize({ width: 1200, height: 1100 });
  await page.waitForTimeout(1500);
  await keep('plan', theme, 0, 36, 1200, 1020);
  await page.setViewportSize({ width: 1200, height: 760 });
  await lens.click();
  const preview = page.locator('.bulk-edit-panel');
  const off = preview.locator('.monaco-list-row[aria-level="1"] .edit-checkbox[aria-checked=false]');
  await until(() => off.count());
  await until(async () => {
    if (await off.count()) await off.first().click({ timeout: 2000 });
    await preview.locator('.monaco-list').hover();
    await page.mouse.wheel(0, 60);
    return (await preview.locator('.monaco-list-row[data-last-element=true]').count()) > 0 && (await off.count()) === 0;
  });
  await page.mouse.wheel(0, -600);
  await preview.locator('.monaco-list-row', { hasText: 'retry.rs' }).first().click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(1500);
  await keep('preview', theme, 0, 36, 1200, 690);
  await preview.locator('.monaco-button', { hasText: 'Apply' }).click();
  await until(async () => (await page.locator('.tab', { hasText: 'give-a-request-up' }).count()) === 0);
  check('the refactor is applied', await workbench.notification('in 5 files ('), await page.locator('.notification-list-item').allInnerTexts());
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Tierline: Show Receipt of Last Refactor');
  await page.locator('.part.panel .tree-explorer-viewlet-tree-view').locator('.monaco-list-row').first().waitFor();
  await page.waitForTimeout(800);
  await keep('receipt', theme);
  await workbench.command('Tierline: Undo Last Refactor');
  await workbench.notification('undone');
  await workbench.command('View: Hide Panel');
  await workbench.command('Notifications: Clear All Notifications');

  await page.locator('.statusbar-item', { hasText: 'Tierline' }).click();
  await until(async () => (await workbench.rows()).some((row) => row.includes('Cost Report')));
  // It fades in.
  await page.waitForTimeout(800);
  await keep('status-menu', theme);
  await page.keyboard.press('Escape');

  await workbench.command('Tierline: Show Cost Report');
  const report = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  await until(() => report.locator('svg[role=img]').count());
  await page.waitForTimeout(800);
  await keep('report', theme, 120, 86, 960, 500);
  await workbench.command('View: Close All Editors');
  await workbench.command('Tierline: Getting Started');
  await until(() => page.locator('.getting-started-step').count());
  // Out of the item in the status bar, whose own hover would show.
  await page.mouse.move(700, 744);
  await page.waitForTimeout(1500);
  await keep('walkthrough', theme);
  await workbench.command('View: Close All Editors');
}

try {
  await workbench.open('src/retry.rs');
  await until(async () => (await workbench.status()).includes('ready'));
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.hover('next_delay', 0, 'Doubles');
  await workbench.leaveHover();
  await workbench.goTo(17, 14);
  await workbench.command('Tierline: Explain Symbol');
  await until(() => page.locator('.tab', { hasText: 'Preview' }).count());
  await workbench.command('View: Close All Editors');
  execFileSync('python3', ['-c', `
import sqlite3, sys, random
random.seed(7)
ledger = sqlite3.connect(sys.argv[1])
columns = [row[1] for row in ledger.execute("PRAGMA table_info(entry)") if row[1] != "id"]
rows = [dict(zip(columns, row)) for row in ledger.execute(f"SELECT {', '.join(columns)} FROM entry")]
# Price per million tokens in dollars, and what a job of the tier takes.
jobs = [
    (50, "summary", "nano", "qwen2.5-coder-1.5b", (0.2, 1.25), (700, 2400), (40, 90)),
    (18, "lookup", "nano", "qwen2.5-coder-1.5b", (0.2, 1.25), (900, 1900), (20, 60)),
    (12, "edit", "mini", "qwen2.5-coder-14b", (0.75, 4.5), (1800, 5200), (250, 900)),
    (2, "plan", "flagship", "qwen3-coder-480b", (2.5, 15), (5200, 9400), (500, 1100)),
]
pico = lambda price, tokens: int(sum(dollars * count * 10**6 for dollars, count in zip(price, tokens)))
for day in range(1, 28):
    for _ in range(random.choice([0, 30, 55, 80, 110])):
        _, kind, tier, model, price, input, output = random.choices(jobs, [job[0] for job in jobs])[0]
        tokens = (random.randint(*input), random.randint(*output))
        made = dict(kind=kind, tier=tier, model_requested=model, input=tokens[0], output=tokens[1])
        row = dict(rows[0], ts=rows[0]["ts"] - day * 86400000 - random.randrange(20000000), **made)
        row.update(cost_pico=pico(price, tokens), flagship_pico=pico((2.5, 15), tokens))
        ledger.execute(f"INSERT INTO entry ({', '.join(columns)}) VALUES ({', '.join(':' + column for column in columns)})", row)
ledger.commit()
`, execFileSync('find', [join(home, 'state'), '-name', 'ledger*.sqlite'], { encoding: 'utf8' }).trim().split('\n')[0]]);
  await pictures('dark');
  await workbench.command('Preferences: Toggle between Light/Dark Themes');
  check('the workbench is light', await until(() => page.locator('.monaco-workbench.vs').count()), 'it is not');
  await page.waitForTimeout(800);
  await pictures('light');
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
models.kill();
await workbench.finish();
