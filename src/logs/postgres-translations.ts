import type { Part } from './postgres-severity.js'

/**
 * The words that tell parts of a record apart, in the languages that servers are translated to, after lc_messages.
 * UTF-8, held byte by byte as everything of a log.
 */
const translated: Readonly<Record<Part, string>> = {
  log: 'WARNUNG HINWEIS ATTENTION ATTENZIONE NOTIFICA ჟურნალი გაფრთხილება ინფორმაცია 로그 경고 알림 정보 СООБЩЕНИЕ ПРЕДУПРЕЖДЕНИЕ ЗАМЕЧАНИЕ ИНФОРМАЦИЯ LOGG VARNING NOTIS ЗАПИСУВАННЯ ПОПЕРЕДЖЕННЯ ПОВІДОМЛЕННЯ ІНФОРМАЦІЯ 日志 警告 注意 信息',
  error:
    'FEHLER PANIK ERREUR ERRORE FATALE PANICO შეცდომა ფატალური პანიკა 오류 치명적오류 손상 ОШИБКА ВАЖНО ПАНИКА FEL FATALT ПОМИЛКА ФАТАЛЬНО ПАНІКА 错误 致命错误 比致命错误还过分的错误',
  detail: 'DETALLE DÉTAIL DETTAGLI 詳細 დეტალები 상세정보 ПОДРОБНОСТИ DETALJ ВІДОМОСТІ 详细信息 DETALHE',
  statement: 'ANWEISUNG SENTENCIA INSTRUCTION ISTRUZIONE 文 ოპერატორი ОПЕРАТОР SATS ІНСТРУКЦІЯ 语句 COMANDO',
  context: 'ZUSAMMENHANG CONTEXTO CONTEXTE CONTESTO 文脈 კონტექსტი 내용 КОНТЕКСТ KONTEXT 上下文',
  other:
    'TIPP ANFRAGE ORT CONSULTA UBICACIÓN ASTUCE REQUÊTE EMPLACEMENT SUGGERIMENTO POSIZIONE ヒント 問い合わせ 場所 მინიშნება მოთხოვნა მდებარეობა 힌트 쿼리 위치 ПОДСКАЗКА ЗАПРОС ПОЛОЖЕНИЕ TIPS FRÅGA PLATS УКАЗІВКА ЗАПИТ РОЗТАШУВАННЯ 提示 查询 位置',
}

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

export const severityWords: readonly (readonly [string, Part])[] = [
  ...Object.entries(translated).flatMap(([part, words]) =>
    words.split(' ').map((word) => [bytes(word), part as Part] as const),
  ),
  [bytes('명령 구문'), 'statement'],
]

const statementWords =
  'Anweisung|sentencia|instruction|istruzione|文|ოპერატორი|გამოსახულება|명령 구문|оператор|sats|语句|comando'
const executeWords =
  'Ausführen|ejecutar|exécute|esecuzione di|実行|გაშვება|쿼리실행|выполнение|kör|виконувати|执行|executar'
const durationWords =
  'Dauer|duración|durée|durata|期間|ხანგრძლივობა|실행시간|수행시간|продолжительность|varaktighet|тривалість|执行时间|duração'

/** `execute` of every language may be followed by a fetch from a cursor, which isn't an execution. */
const fetchWords = 'Fetch von|fetch desde|fetch à partir de|fetch da|hämtning från|FETCH'

const statementForm = new RegExp(bytes(`^(?:${statementWords}) ?: `))
const executeForm = new RegExp(bytes(`^(?:${executeWords}) (?!${fetchWords})`))
const durationForm = new RegExp(bytes(`^(?:${durationWords}) ?:? ([\\d.]+) (?:ms|мс|ミリ秒|მწმs?)(?:,? +|$)`))

/** A translated message in the server's own words, if it is one about a statement; else, as it is. */
export function inEnglish(message: string): string {
  const timed = durationForm.exec(message)
  if (!timed) return statementInEnglish(message)
  const rest = message.slice(timed[0].length)
  return rest === '' ? `duration: ${timed[1]} ms` : `duration: ${timed[1]} ms  ${statementInEnglish(rest)}`
}

function statementInEnglish(message: string): string {
  const statement = statementForm.exec(message)
  if (statement) return `statement: ${message.slice(statement[0].length)}`
  const execute = executeForm.exec(message)
  return execute ? `execute ${message.slice(execute[0].length)}` : message
}
