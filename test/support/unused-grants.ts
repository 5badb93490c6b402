// What the template grants and the runs of the bundles in the tests do not use, with the reasons that it is granted all the same.

/** `pattern`: of job, action and resource. */
export const UNUSED_GRANTS: readonly { pattern: RegExp; reason: string }[] = [
  {
    pattern: /^drill s3:PutObject .*\/failed\.json$/,
    reason: 'written when an archive could not be restored; none of these was bad',
  },
]
