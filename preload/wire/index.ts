export * from './connect.ts'
export * from './message.ts'
export * from './pair.ts'
export * from './serve.ts'
