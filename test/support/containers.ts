import { freePort, keep } from './process.js'

// Its cleaner is an image to pull; ours is a process (keeper.mjs).
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
const testcontainers = () => import('testcontainers')

export interface Container {
  readonly host: string
  readonly port: number
  stop(): Promise<void>
}

export interface ContainerSpec {
  readonly image: string
  /** That the server listens on inside. */
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  /** Arguments that make it listen on another port, for engines that have no bridge network. */
  readonly listenOn: (port: number) => readonly string[]
  /** In the server's log when it is up. */
  readonly ready: RegExp
}

/** Whether a Docker engine (or one that speaks its protocol) answers. */
export async function dockerAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await testcontainers()
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  )
}

/** `GOC_AUDIT_TEST_IMAGES="mysql-9=mysql:9.4 postgres-14=example/postgres:14"` names other images. */
export function askedImage(name: string): string | undefined {
  const pairs = (process.env.GOC_AUDIT_TEST_IMAGES ?? '').split(/[\s,]+/).map((pair) => pair.split('='))
  return pairs.find(([key]) => key === name)?.[1]
}

/** The image asked for by name, else `ours` where test/provision has made it, else the public one; pulled if need be. */
export async function readyImage(name: string, ours: string | undefined, official: string): Promise<string> {
  const { getContainerRuntimeClient, ImageName } = await testcontainers()
  const { image } = await getContainerRuntimeClient()
  const made = ours !== undefined && (await image.exists(ImageName.fromString(ours)))
  const chosen = askedImage(name) ?? (made ? ours : official)
  await image.pull(ImageName.fromString(chosen))
  return chosen
}

export async function startContainer(spec: ContainerSpec): Promise<Container> {
  const { GenericContainer, Wait } = await testcontainers()
  const hostPort = (await hasBridge()) ? undefined : await freePort()
  const command = [...(spec.command ?? []), ...(hostPort === undefined ? [] : spec.listenOn(hostPort))]
  const container = new GenericContainer(spec.image)
    .withEnvironment(spec.environment)
    .withCommand(command)
    .withWaitStrategy(Wait.forLogMessage(spec.ready))
    .withStartupTimeout(120_000)
  if (hostPort === undefined) container.withExposedPorts(spec.port)
  else container.withNetworkMode('host')
  const started = await container.start()
  const end = keep([['docker', 'rm', '--force', '--volumes', started.getId()]], [], undefined)
  return {
    host: hostPort === undefined ? started.getHost() : '127.0.0.1',
    port: hostPort ?? started.getMappedPort(spec.port),
    stop: async () => {
      await started.stop({ timeout: 0, removeVolumes: true })
      await end()
    },
  }
}

async function hasBridge(): Promise<boolean> {
  const { getContainerRuntimeClient } = await testcontainers()
  const { container } = await getContainerRuntimeClient()
  return (await container.dockerode.listNetworks()).some(({ Driver }) => Driver === 'bridge')
}
