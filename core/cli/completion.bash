# What stands in the tables, offered where it fits.  The arguments of a command are read as
# people read them: "[list|show] [SYNC] [ID...]"; what is in lower case is typed as it is,
# what is in capitals is asked for.
_renkei_names() {
	renkei "${where[@]}" help --completion "$1" 2>/dev/null
}

# _renkei_kind WORDS: offers what WORDS, with "|" between them, stand for.
_renkei_kind() {
	local word IFS=' |'
	for word in $1; do
		case $word in
		FILE*) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$cur") ;;
		DIR*) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$cur") ;;
		SYNC*) offered+=" $(_renkei_names syncs)" ;;
		CONNECTION*) offered+=" $(_renkei_names connections)" ;;
		GROUP*) offered+=" $(_renkei_names notices)" ;;
		WHAT) offered+=" allocation enabled notify.send" ;;
		CONNECTOR*) offered+=" $(_renkei_names connectors)" ;;
		COMMAND) offered+=" ${!_renkei_arguments[@]}" ;;
		[a-z]*) offered+=" $word" ;;
		esac
	done
}

# _renkei_override VERB WHAT WORD: what WORD is of that; only allocation has a LIMIT.
_renkei_override() {
	case $1-$2-$3 in
	*-allocation-NAME) echo CONNECTION ;;
	*-enabled-NAME) echo SYNC ;;
	*-notify.send-NAME) echo GROUP ;;
	set-enabled-LIMIT) echo 'true|false' ;;
	set-notify.send-LIMIT) echo 'immediate|daily|weekly|off' ;;
	*) echo "$3" ;;
	esac
}

# _renkei_argument COMMAND TYPED...: the argument behind those that are typed.
_renkei_argument() {
	local form word words count=$(($# - 1)) typed=${2-} forms=${_renkei_arguments[$1]}
	while IFS= read -r form; do
		form=${form//\[\/OBJECT\]/}
		read -ra words <<<"${form//[\[\]]/ }"
		[[ $count -gt 0 && ${words[0]} == [a-z]* && "|${words[0]}|" != *"|$typed|"* ]] &&
			continue
		[[ $count -ge ${#words[@]} && ${words[-1]-} == *... ]] && count=$((${#words[@]} - 1))
		word=${words[count]-}
		[ "$1" != override ] || word=$(_renkei_override "$typed" "${3-}" "$word")
		_renkei_kind "$word"
	done <<<"${forms// | /$'\n'}"
}

_renkei() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local i offered='' where=() typed=()
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --config) where=(-c "${COMP_WORDS[++i]}") ;;
		-*) [ -z "${_renkei_takes[${COMP_WORDS[i]}]-}" ] || ((++i)) ;;
		*) typed+=("${COMP_WORDS[i]}") ;;
		esac
	done
	if [ -n "${_renkei_takes[$prev]-}" ]; then
		_renkei_kind "${_renkei_takes[$prev]}"
	elif [[ $cur == -* ]]; then
		offered="$_renkei_switches ${_renkei_options[${typed[0]-none}]-}"
	elif [ ${#typed[@]} = 0 ]; then
		offered=${!_renkei_arguments[*]}
	elif [ -n "${_renkei_arguments[${typed[0]}]-}" ]; then
		_renkei_argument "${typed[@]}"
	fi
	mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$offered" -- "$cur")
}
complete -o filenames -F _renkei renkei
