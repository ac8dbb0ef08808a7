using System.CommandLine;
using Understudy.Common;

namespace Understudy.Cli.Verbs.Options;

/// <summary>
/// An option that takes one of an enum's words. Its type is a string, because help shows a default as its type prints it; another
/// word is refused before anything is done.
/// </summary>
internal sealed class WordOption<T> : Option<string?> where T : struct, Enum
{
    /// <param name="preset">What it is where it is not given; null: the description says.</param>
    /// <param name="choices">The values it takes, in the order of help; none: all.</param>
    public WordOption(string name, string description, T? preset = null, params T[] choices) : base(name)
    {
        Words.Limit(this, choices);
        Description = description;
        if (preset is { } value) DefaultValueFactory = _ => value.Word();
    }

    /// <summary>The value as given, or the preset.</summary>
    public T In(ParseResult arguments) => Given(arguments) ?? throw new InvalidOperationException($"{Name} has no preset");

    /// <summary>As <see cref="In"/>; null where there is none.</summary>
    public T? Given(ParseResult arguments) => arguments.GetValue(this) is { } word ? EnumWords.Parse<T>(word) : null;
}

/// <summary>As <see cref="WordOption{T}"/>, to be given as often as wanted; any value will do.</summary>
internal sealed class WordsOption<T> : Option<string[]> where T : struct, Enum
{
    /// <param name="noun">What one value is, in help.</param>
    /// <param name="description">The words are put behind it.</param>
    public WordsOption(string name, string noun, string description, T[] preset) : base(name)
    {
        Words.Limit<T>(this, []);
        HelpName = noun;
        Description = $"{description}: {string.Join(", ", EnumWords.All(typeof(T)))}; may be given again";
        DefaultValueFactory = _ => [.. preset.Select(p => p.Word())];
    }

    public T[] In(ParseResult arguments) => [.. arguments.GetValue(this)!.Select(word => EnumWords.Parse<T>(word)!.Value)];
}

/// <summary>What options of words share.</summary>
file static class Words
{
    public static void Limit<T>(Option option, T[] choices) where T : struct, Enum
    {
        string[] words = [.. (choices is [] ? Enum.GetValues<T>() : choices).Select(c => c.Word())];
        option.HelpName = string.Join('|', words);
        option.CompletionSources.Add(words);
        option.Validators.Add(given =>
        {
            foreach (var token in given.Tokens.Where(t => !words.Contains(t.Value, StringComparer.OrdinalIgnoreCase)))
                given.AddError($"{option.Name}: '{token.Value}' is not known; one of: {string.Join(", ", words)}");
        });
    }
}
