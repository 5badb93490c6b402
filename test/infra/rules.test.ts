// What others' rules say of the template: AwsSolutions of cdk-nag, cdk's own validation, and cfn-lint where it is found.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, CfnResource, type Stack } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { expect, test } from 'vitest'
import { ACKNOWLEDGED_RULES } from '../../lib/infra/acknowledged-rules.ts'
import type { Config } from '../../lib/config/config.ts'
import { config, DEPLOYMENTS, stackOf, synthesize } from '../support/synthesized-stack.ts'

type Violation = { rule: string; path: string }
type Report = { pluginReports: { pluginName: string; violations: { ruleName: string; description: string }[] }[] }
type Judged = { broken: Violation[]; acknowledged: Violation[]; validation: string[] }

/** The stack with all of cdk.json: its own rules too. */
const validated = (of: Config) => stackOf(of, {}, {})

/** What the rules of AwsSolutions and cdk's own validation say of all stacks of a deployment. */
function judge(of: Config): Judged {
  const { stack, remove } = validated(of)
  try {
    const { directory } = App.of(stack)!.synth()
    const { pluginReports } = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report
    const forgiving = new AwsSolutionsChecks()
    const strict = Object.assign(new AwsSolutionsChecks(), { isAcknowledged: () => false })
    return {
      broken: violationsOf(forgiving, stack),
      acknowledged: violationsOf(strict, stack),
      validation: pluginReports.flatMap(({ pluginName, violations }) =>
        violations.map(({ ruleName, description }) => `${pluginName}: ${ruleName}: ${description}`),
      ),
    }
  } finally {
    remove()
  }
}

function violationsOf(rules: AwsSolutionsChecks, stack: Stack): Violation[] {
  return rules
    .validateScope(stack.node.root)
    .violations.flatMap(({ ruleName: rule, violatingResources }) =>
      violatingResources.map(({ constructPath: path = '' }) => ({ rule, path })),
    )
}

const judged = new Map<string, Judged>()

test.each(Object.entries(DEPLOYMENTS))('%s: nothing is found that has no reason', (name, of) => {
  const found = judge(of())
  judged.set(name, found)
  expect(found.broken).toEqual([])
  // Warnings too.
  expect(found.validation).toEqual([])
})

test('every reason has something that it is for', () => {
  const found = [...judged.values()].flatMap(({ acknowledged }) => acknowledged)
  const needless = ACKNOWLEDGED_RULES.filter(
    ({ rule, finding, on }) =>
      !found.some(({ rule: broken, path }) => {
        if (on?.test(path) === false) return false
        if (finding === undefined) return broken === rule
        return broken.startsWith(`${rule}[`) && finding.test(broken.slice(rule.length + 1, -1))
      }),
  )
  expect(needless).toEqual([])
})

test('what the validation of cdk itself finds ends the synthesis', () => {
  const { stack, remove } = validated(config())
  try {
    const planted = new CfnResource(stack, 'Planted', { type: 'AWS::S3::Bucket', properties: { Encrypted: true } })
    expect(() => App.of(stack)!.synth()).toThrow(new RegExp(`ERROR Encrypted: [^]*${planted.node.path}`))
  } finally {
    remove()
  }
})

const LINT = spawnSync('cfn-lint', ['--version']).status === 0
if (!LINT) process.stderr.write('\n*** cfn-lint was not found: the templates were NOT linted by it ***\n\n')

/** W3005: a dependency that is there already, which the CDK writes out. */
const LINT_IGNORED = ['W3005']

/** It takes seconds for each, and the others have nothing that is not in these two. */
const LINTED = ['fargate', 'fleet, network, replica and chat']

test.skipIf(!LINT)('cfn-lint is content with the templates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'raingauge-lint-'))
  try {
    const files = LINTED.map((name, index) => {
      const file = join(folder, `${index}.template.json`)
      writeFileSync(file, JSON.stringify(synthesize(DEPLOYMENTS[name]?.()).template))
      return file
    })
    const { status, stdout } = spawnSync('cfn-lint', ['--ignore-checks', ...LINT_IGNORED, '--', ...files], {
      encoding: 'utf8',
    })
    expect(stdout.replaceAll(folder, '')).toBe('')
    expect(status).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
