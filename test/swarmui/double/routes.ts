/** Every route but the two that paint. */
import { PARAMETERS } from './parameters.js'
import { type DoubleState, type SwarmSession, statusOf } from './state.js'

type Body = Record<string, unknown>

export interface Route {
  permission: string
  /** Arguments that must be there, with the type the server names. */
  needs?: Readonly<Record<string, 'Int32' | 'String'>>
  run(state: DoubleState, session: SwarmSession, body: Body): Body
}

export const ROUTES: Readonly<Record<string, Route>> = {
  getcurrentstatus: {
    permission: 'fundamental_generate_tab_access',
    run: (state, session) => statusOf(state, [session]),
  },
  getglobalstatus: {
    permission: 'read_server_info_panels',
    run: (state) => statusOf(state, state.sessions.values()),
  },
  interruptall: {
    permission: 'fundamental_generate_tab_access',
    run: (state, session, body) => {
      state.log.push('interrupt')
      const all = body.other_sessions === true ? [...state.sessions.values()] : [session]
      for (const { user, claims } of all) {
        if (user === session.user) for (const claim of claims) claim.interrupted = true
      }
      state.notify()
      return { success: true }
    },
  },
  listt2iparams: { permission: 'fundamental_generate_tab_access', run: listParameters },
  triggerrefresh: { permission: 'fundamental_generate_tab_access', run: listParameters },
  listmodels: {
    permission: 'fundamental_model_access',
    needs: { path: 'String', depth: 'Int32' },
    run: (state, _, body) => {
      const names = state.models.get(String(body.subtype ?? 'Stable-Diffusion'))
      if (!names) return { error: 'Invalid sub-type.' }
      const prefix = body.path === '' ? '' : `${body.path}/`
      const files = names.filter((name) => name.startsWith(prefix)).map((name) => ({ name, title: name, local: true }))
      return { folders: [], files }
    },
  },
  describemodel: {
    permission: 'fundamental_model_access',
    needs: { modelName: 'String' },
    run: (state, _, body) => {
      const names = state.models.get(String(body.subtype ?? 'Stable-Diffusion')) ?? []
      const found = names.find((name) => name === body.modelName || name === `${body.modelName}.safetensors`)
      return found ? { model: { name: found } } : { error: 'Model not found.' }
    },
  },
  listimages: {
    permission: 'view_image_history',
    needs: { path: 'String', depth: 'Int32' },
    run: (state, _, body) => {
      const prefix = body.path === '' ? '' : `${body.path}/`
      const files = [...state.files]
        .filter(
          ([path]) => path.startsWith(prefix) && path.slice(prefix.length).split('/').length <= Number(body.depth) + 1,
        )
        .map(([path, { metadata }]) => ({ src: path.slice(prefix.length), metadata }))
      if (body.sortReverse !== true) files.reverse()
      return { folders: [], files: files.slice(0, state.options.maxInHistory) }
    },
  },
  getmyuserdata: {
    permission: 'fundamental_generate_tab_access',
    run: (state, session) => ({
      user_name: session.user,
      presets: [...state.presets].map(([title, param_map]) => ({
        title,
        description: '',
        author: session.user,
        param_map,
      })),
      permissions: state.options.permissions,
    }),
  },
}

function listParameters(state: DoubleState): Body {
  return {
    list: PARAMETERS.map(({ id, name, type, min = 0, max = 0, values }) => ({
      name,
      id,
      description: '',
      type,
      subtype: null,
      default: '',
      min,
      max,
      values: values ?? null,
      feature_flag: null,
    })),
    groups: [],
    models: Object.fromEntries([...state.models].map(([kind, names]) => [kind, names.map((name) => [name, null])])),
    model_compat_classes: {},
    model_classes: {},
    wildcards: [],
    param_edits: null,
  }
}

export function newSession(state: DoubleState): Body {
  const random = (): string => Math.floor(state.options.random() * 16).toString(16)
  const id = Array.from({ length: 40 }, random).join('')
  state.sessions.set(id, { id, user: 'local', claims: new Set() })
  return {
    session_id: id,
    user_id: 'local',
    output_append_user: true,
    version: '0.9.8.2.GIT-062407c7',
    server_id: state.serverId,
    permissions: state.options.permissions,
  }
}
