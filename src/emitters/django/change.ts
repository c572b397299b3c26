import type { ModelChange } from '../../model/plan.js'
import type { Constraint } from './constraint.js'
import type { Model } from './models.js'
import type { App } from './project.js'

/** A model change with the model that it is about. */
export interface Change {
  readonly change: ModelChange
  readonly app: App
  readonly model: Model
  readonly constraint: Constraint
}
