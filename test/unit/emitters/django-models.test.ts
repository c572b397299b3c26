import { describe, expect, test } from 'vitest'
import { historyOf, numberOf, parseMigration } from '../../../src/emitters/django/migrations.js'
import { modelsOf } from '../../../src/emitters/django/models.js'

/** The migrations of the app `shop`, named and in short. */
function history(files: Readonly<Record<string, string>>) {
  const migrations = Object.entries(files).flatMap(
    ([name, body]) => parseMigration('shop', name, `class Migration(migrations.Migration):\n${body}\n`) ?? [],
  )
  const { inOrder, leaves } = historyOf(migrations)
  return { order: inOrder.map(({ name }) => name), leaves }
}

const following = (...names: string[]) =>
  `    dependencies = [${names.map((name) => `("shop", "${name}")`).join(', ')}]\n    operations = []`
const squash = (replaced: readonly string[], ...names: string[]) =>
  `    replaces = [${replaced.map((name) => `("shop", "${name}")`).join(', ')}]\n${following(...names)}`

describe('the history of an app', () => {
  test('follows the dependencies, not the names', () => {
    expect(history({ '0001_z': following(), '0002_a': following('0003_b'), '0003_b': following('0001_z') })).toEqual({
      order: ['0001_z', '0003_b', '0002_a'],
      leaves: ['0002_a'],
    })
  })

  test('has several leaves where branches were not merged', () => {
    expect(history({ '0001': following(), '0002_a': following('0001'), '0002_b': following('0001') }).leaves).toEqual([
      '0002_a',
      '0002_b',
    ])
  })

  test('has a squash in place of what it replaces, whichever the others name', () => {
    const files = {
      '0001_initial': following(),
      '0001_squashed_0002_more': squash(['0001_initial', '0002_more']),
      '0002_more': following('0001_initial'),
      '0003_old': following('0002_more'),
      '0004_new': following('0001_squashed_0002_more', '0003_old'),
    }
    expect(history(files)).toEqual({
      order: ['0001_squashed_0002_more', '0003_old', '0004_new'],
      leaves: ['0004_new'],
    })
  })

  test('ends in a squash of all', () => {
    const files = {
      '0001_initial': following(),
      '0002_more': following('0001_initial'),
      '0001_squashed_0002_more': squash(['0001_initial', '0002_more']),
    }
    expect(history(files)).toEqual({ order: ['0001_squashed_0002_more'], leaves: ['0001_squashed_0002_more'] })
  })

  test('knows squashes of squashes', () => {
    const files = {
      '0001_a': following(),
      '0001_b': squash(['0001_a']),
      '0001_c': squash(['0001_b', '0001_a']),
      '0002_d': following('0001_a'),
    }
    expect(history(files)).toEqual({ order: ['0001_c', '0002_d'], leaves: ['0002_d'] })
  })

  test('heeds no other app', () => {
    const other = '    dependencies = [("orders", "0001"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]'
    expect(history({ '0001': following(), '0002': other }).leaves).toEqual(['0001', '0002'])
  })

  test.each([
    ['0007_carts', 7],
    ['0001_squashed_0012_carts', 12],
    ['initial', 0],
  ])('the number of %s is %i', (name, number) => {
    expect(numberOf(name)).toBe(number)
  })

  test.each(['', 'class Migration:\n    pass\n', 'class Other:\n    operations = []\n# Migration\n'])(
    'no migration in %j',
    (source) => {
      expect(parseMigration('shop', '0001', source)).toBeNull()
    },
  )
})

/** Each model in one line, as the operations leave it. */
function models(operations: string): string[] {
  const source = `class Migration(migrations.Migration):\n    operations = [\n${operations}\n    ]\n`
  const migration = parseMigration('shop', '0001', source)
  return modelsOf('shop', migration === null ? [] : [migration]).map(({ name, table, proxy, managed, fields }) => {
    const columns = [...fields].map(([column, field]) => (column === field ? field : `${field}=${column}`))
    const marks = `${proxy ? ' proxy' : ''}${managed ? '' : ' unmanaged'}`
    return `${name} ${table}(${columns.join(', ')})${marks}`
  })
}

const cart = `migrations.CreateModel(
    name="Cart",
    fields=[("id", models.BigAutoField(primary_key=True)), ("session", models.CharField(max_length=40))],
),`

describe('models', () => {
  test.each<[string, string, string[]]>([
    ['are called as Django calls them', cart, ['Cart shop_cart(id, session)']],
    ['positionally', 'migrations.CreateModel("Cart", [("id", models.AutoField())]),', ['Cart shop_cart(id)']],
    [
      'have the table that they name',
      'migrations.CreateModel(name="Cart", fields=[], options={"db_table": "carts"}),',
      ['Cart carts()'],
    ],
    [
      'may have a schema in it',
      `migrations.CreateModel(name="Cart", fields=[], options={"db_table": '"shop"."carts"'}),`,
      ['Cart carts()'],
    ],
    [
      'have no table known where it is computed',
      'migrations.CreateModel(name="Cart", fields=[], options={"db_table": PREFIX + "carts"}),',
      ['Cart ()'],
    ],
    [
      'may be proxies or unmanaged',
      `${cart} migrations.CreateModel(name="View", fields=[], options={"managed": False}),
       migrations.CreateModel(name="Proxy", fields=[], options={"proxy": True}, bases=("shop.cart",)),`,
      ['Cart shop_cart(id, session)', 'View shop_view() unmanaged', 'Proxy shop_proxy() proxy'],
    ],
    [
      'become managed',
      `migrations.CreateModel(name="View", fields=[], options={"managed": False}),
       migrations.AlterModelOptions(name="view", options={"managed": True}),`,
      ['View shop_view()'],
    ],
    ['are renamed', `${cart} migrations.RenameModel("Cart", "Basket"),`, ['Basket shop_basket(id, session)']],
    [
      'keep a table of their own',
      `${cart} migrations.AlterModelTable(name="cart", table="c"), migrations.RenameModel("Cart", "Basket"),`,
      ['Basket c(id, session)'],
    ],
    [
      "get back Django's name",
      `${cart} migrations.AlterModelTable("cart", "c"), migrations.AlterModelTable(name="cart", table=None),`,
      ['Cart shop_cart(id, session)'],
    ],
    ['are deleted', `${cart} migrations.DeleteModel(name="Cart"),`, []],
    [
      'are made by libraries too',
      'psqlextra.PostgresCreateModel(name="Cart", fields=[("id", models.AutoField())]),',
      ['Cart shop_cart(id)'],
    ],
    [
      'are found in the state that SQL has',
      `migrations.SeparateDatabaseAndState(state_operations=[${cart}]),
       migrations.RunSQL("ALTER", state_operations=[migrations.RemoveField("cart", "id")]),`,
      ['Cart shop_cart(session)'],
    ],
    ['are nothing else', `migrations.RunPython(f), cart_operations(), *more, [${cart}],`, []],
  ])('%s', (_, operations, expected) => {
    expect(models(operations)).toEqual(expected)
  })
})

describe('fields', () => {
  const added = (name: string, field: string) =>
    `migrations.AddField(model_name="cart", name="${name}", field=${field}),`
  test.each<[string, string, string]>([
    ['are added', added('note', 'models.TextField()'), 'id, session, note'],
    ['are removed', 'migrations.RemoveField(model_name="cart", name="id"),', 'session'],
    ['are renamed', 'migrations.RenameField("cart", "session", "key"),', 'id, key'],
    ['have a column of their own', added('note', 'models.TextField(db_column="n")'), 'id, session, note=n'],
    ['refer', added('shop', 'models.ForeignKey("shop.Shop", models.CASCADE)'), 'id, session, shop=shop_id'],
    ['refer once', added('user', 'models.OneToOneField(to=X, on_delete=Y)'), 'id, session, user=user_id'],
    ['refer by a library', added('up', 'mptt.fields.Parent(on_delete=Y, to="x")'), 'id, session, up=up_id'],
    ['refer by a named column', added('u', 'models.ForeignKey(X, Y, db_column="who")'), 'id, session, u=who'],
    ['refer to many', added('tags', 'models.ManyToManyField(to="shop.Tag")'), 'id, session'],
    [
      'are altered',
      'migrations.AlterField(model_name="cart", name="session", field=models.TextField(db_column="s")),',
      'id, session=s',
    ],
    [
      'keep a named column when they are renamed',
      `${added('note', 'models.TextField(db_column="note")')} migrations.RenameField("cart", "note", "text"),`,
      'id, session, text=note',
    ],
    [
      'move their reference when they are renamed',
      `${added('user', 'models.ForeignKey(X, Y)')} migrations.RenameField("Cart", "user", "owner"),`,
      'id, session, owner=owner_id',
    ],
    [
      'of no known model are passed over',
      'migrations.AddField("x", "y", z), migrations.RenameField("x", "y", "z"),',
      'id, session',
    ],
  ])('%s', (_, operations, expected) => {
    expect(models(cart + operations)).toEqual([`Cart shop_cart(${expected})`])
  })
})
