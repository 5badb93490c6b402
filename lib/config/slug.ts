const SLUG = /^[a-z0-9][a-z0-9_-]{0,62}$/

/** True for what may name a project or an environment: it becomes a part of keys, metrics and resources. */
export function isSlug(text: string): boolean {
  return SLUG.test(text)
}

/** The name made into such a one; `app` where nothing of it is left. */
export function slugify(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replaceAll(/^[-_]+|-+$/g, '') || 'app'
  )
}
