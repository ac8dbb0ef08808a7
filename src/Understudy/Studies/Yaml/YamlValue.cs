namespace Understudy.Studies.Yaml;

/// <summary>One value of a YAML file with the place it stands at: a scalar, a list or a mapping.</summary>
/// <param name="Where">"studies/toy.yaml:12", or the command-line option that put it here; every error begins with it.</param>
internal abstract record YamlValue(string Where)
{
    /// <summary>What it is, for error messages.</summary>
    public abstract string Kind { get; }
}

/// <param name="Quoted">A quoted scalar is text, whatever it looks like.</param>
internal sealed record YamlScalar(string Where, string Text, bool Quoted) : YamlValue(Where)
{
    public override string Kind => $"'{(Text.Length > 40 ? Text[..40] + "…" : Text)}'";

    /// <summary>An empty value, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => !Quoted && Text is "" or "~" or "null";
}

internal sealed record YamlList(string Where, IReadOnlyList<YamlValue> Items) : YamlValue(Where)
{
    public override string Kind => "a list";
}

/// <param name="Entries">In the file's order; keys are unique.</param>
internal sealed record YamlMap(string Where, IReadOnlyList<YamlEntry> Entries) : YamlValue(Where)
{
    public override string Kind => "a mapping";

    public YamlValue? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>The place of a key, or of the mapping.</summary>
    public string WhereIs(string key) => Entries.FirstOrDefault(e => e.Key == key)?.Where ?? Where;

    public YamlMap With(string key, YamlValue value) => this with
    {
        Entries = this[key] is null ? [.. Entries, new(value.Where, key, value)]
            : [.. Entries.Select(e => e.Key == key ? new(value.Where, key, value) : e)],
    };

    public YamlMap Without(params string[] keys) => this with { Entries = [.. Entries.Where(e => !keys.Contains(e.Key))] };
}

internal sealed record YamlEntry(string Where, string Key, YamlValue Value);
