package org.basinlab.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command did when it was called within this process. */
record Called(int code, String out, String err) {

    static Called with(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int code = Basinlab.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(words);
        return new Called(code, out.toString(), err.toString());
    }
}
