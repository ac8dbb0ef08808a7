using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Understudy.Studies.Yaml;

/// <summary>
/// The part of YAML that a study needs: mappings, lists and scalars of one document. Anchors, aliases and tags (bombs and hidden
/// types), duplicate keys, several documents and files of more than a megabyte are refused.
/// </summary>
internal static class YamlReader
{
    public const int LongestFile = 1 << 20, DeepestNesting = 20;

    /// <param name="source">What error messages call the text: its path.</param>
    /// <exception cref="InvalidDataException">Not YAML, or YAML of another kind; file, line and reason.</exception>
    public static YamlMap Read(string text, string source)
    {
        if (text.Length > LongestFile)
        {
            throw new InvalidDataException(
                $"{source}: has {text.Length:N0} characters; a study file has at most {LongestFile:N0}");
        }
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                throw new InvalidDataException($"{source}: is empty; see studies/toy.yaml for what a study holds");
            var root = Value(parser, source, 0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                throw new InvalidDataException(
                    $"{Place(source, second)}: a second document begins; a study file has one (remove the '---')");
            return root as YamlMap
                ?? throw new InvalidDataException($"{root.Where}: a study is a mapping of keys to values, not {root.Kind}");
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{source}:{e.Start.Line}: not YAML: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static YamlValue Value(IParser parser, string source, int depth)
    {
        var at = parser.Current ?? throw new InvalidDataException($"{source}: ends too early");
        var where = Place(source, at);
        if (at is AnchorAlias) throw new InvalidDataException($"{where}: aliases (*name) are not taken; write the value out");
        if (at is NodeEvent { Anchor.IsEmpty: false })
            throw new InvalidDataException($"{where}: anchors (&name) are not taken; write the value out");
        if (at is NodeEvent { Tag.IsEmpty: false } tagged)
            throw new InvalidDataException($"{where}: tags ({tagged.Tag}) are not taken; leave it out");
        if (depth > DeepestNesting) throw new InvalidDataException($"{where}: nested deeper than {DeepestNesting} levels");
        if (parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(where, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(parser, source, depth + 1));
            return new YamlList(where, items);
        }
        parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Value(parser, source, depth + 1);
            if (key is not YamlScalar { Text: var name })
                throw new InvalidDataException($"{key.Where}: a key is a word, not {key.Kind}");
            if (!seen.Add(name)) throw new InvalidDataException($"{key.Where}: key '{name}' is given twice");
            entries.Add(new(key.Where, name, Value(parser, source, depth + 1)));
        }
        return new YamlMap(where, entries);
    }

    private static string Place(string source, ParsingEvent e) => $"{source}:{e.Start.Line}";
}
