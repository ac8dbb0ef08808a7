using System.IO.Hashing;
using Understudy.Common;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// Everything a training run must remember, named once by its trainer: modules, optimisers, numbers. Saving writes all of it,
/// loading puts all of it back, in place, to the last bit.
/// </summary>
public sealed class TrainingState
{
    /// <summary>The format this code writes and reads.</summary>
    public const string Format = "understudy/checkpoint/1";

    private const string DigestKey = "digest", ScalarsKey = "scalars", StepKey = "step", FormatKey = "format";

    private readonly List<(string Name, Func<IEnumerable<(string Name, Tensor Tensor)>> Tensors)> _tensors = [];
    private readonly List<(string Name, Func<IEnumerable<KeyValuePair<string, double>>> Get,
        Action<IReadOnlyDictionary<string, double>> Set)> _scalars = [];

    /// <summary>Parameters and buffers of a module, as <c>name.key</c>.</summary>
    public TrainingState Add(string name, nn.Module module)
    {
        _tensors.Add((name, () => TensorsOf(module)));
        return this;
    }

    /// <summary>Moments, by parameter, and the number of steps.</summary>
    public TrainingState Add(string name, Optimiser optimiser)
    {
        _tensors.Add(
            (name, () =>
                optimiser.State.SelectMany(s =>
                    optimiser.Parameters.Views(s.Buffer).Select(v => ($"{s.Name}.{v.Name}", v.View)))));
        return Add(name + "/steps", () => optimiser.Steps, v => optimiser.Steps = (long)v);
    }

    /// <summary>One number; integers are exact up to 2⁵³.</summary>
    public TrainingState Add(string name, Func<double> get, Action<double> set)
    {
        _scalars.Add((name, () => [new("", get())], v => set(v[""])));
        return this;
    }

    /// <summary>
    /// One number that most runs leave as it is: written only where it is another than <paramref name="usual"/>.
    /// </summary>
    public TrainingState Add(string name, Func<double> get, Action<double> set, double usual)
    {
        _scalars.Add(
            (name, () => get() is var value && value.Equals(usual) ? [] : [new("", value)],
                v => set(v.GetValueOrDefault("", usual))));
        return this;
    }

    /// <summary>Numbers whose names change from checkpoint to checkpoint; none come back where none were written.</summary>
    public TrainingState Add(string name, Func<IEnumerable<KeyValuePair<string, double>>> get,
        Action<IReadOnlyDictionary<string, double>> set)
    {
        _scalars.Add((name, get, set));
        return this;
    }

    /// <summary>Writes one safetensors file, whole or not at all.</summary>
    /// <param name="about">Further strings for the header: options, class names, split hash.</param>
    public void Write(string path, long step, IReadOnlyDictionary<string, string> about)
    {
        using var scope = NewDisposeScope();
        var entries = _tensors.SelectMany(t => t.Tensors().Select(x => TensorBytes.Of($"{t.Name}.{x.Name}", x.Tensor))).ToList();
        var scalars = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, get, _) in _scalars)
        {
            foreach (var (key, value) in get()) scalars.Add($"{name}:{key}", value);
        }
        var metadata = new Dictionary<string, string>(about, StringComparer.Ordinal)
        {
            [FormatKey] = Format,
            [StepKey] = StrictJson.WriteLine(step),
            [ScalarsKey] = StrictJson.WriteLine(scalars),
        };
        metadata[DigestKey] = Digest(metadata, entries.Select(e => (e.Name, e.Data)));
        SafetensorsFile.Write(path, metadata, entries);
    }

    /// <summary>Puts everything back; returns the step. Nothing is changed unless the whole file is sound and fits.</summary>
    /// <exception cref="InvalidDataException">Damaged, of another format, or made by other options.</exception>
    public long Read(string path)
    {
        var content = SafetensorsFile.Read(path);
        RequireSound(content, path);
        using var scope = NewDisposeScope();
        var targets = _tensors.SelectMany(t => t.Tensors().Select(x => ($"{t.Name}.{x.Name}", x.Tensor))).ToList();
        if (targets.Count != content.Entries.Count)
            throw new InvalidDataException($"{path}: holds {content.Entries.Count} arrays, this run has {targets.Count}; it was "
                + "made with other options");
        var pairs = targets.Select(t => (Name: t.Item1, Target: t.Tensor, Entry: content.Find(t.Item1)
            ?? throw new InvalidDataException($"{path}: lacks '{t.Item1}'; it was made with other options"))).ToList();
        foreach (var (name, target, entry) in pairs) TensorBytes.RequireFit(entry, target, name, path);
        var scalars = StrictJson.Read<Dictionary<string, double>>(content.Metadata[ScalarsKey], path);
        foreach (var (_, target, entry) in pairs) TensorBytes.CopyTo(entry, target);
        foreach (var (name, _, set) in _scalars)
        {
            var prefix = name + ":";
            set(scalars.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(s => s.Key[prefix.Length..], s => s.Value));
        }
        return StrictJson.Read<long>(content.Metadata[StepKey], path);
    }

    /// <summary>Throws unless the content is a checkpoint of this format whose every byte is as it was written.</summary>
    internal static void RequireSound(SafetensorsContent content, string path)
    {
        if (content.Metadata.GetValueOrDefault(FormatKey) is not { } format || format != Format)
            throw new InvalidDataException($"{path}: is no checkpoint of format {Format} (it says: "
                + $"{content.Metadata.GetValueOrDefault(FormatKey) ?? "nothing"}); "
                + "use the version of understudy that wrote it");
        if (content.Metadata.GetValueOrDefault(DigestKey) != Digest(content.Metadata,
            content.Entries.Select(e => (e.Key, e.Value.Data))))
        {
            throw new InvalidDataException($"{path}: is damaged (its content does not match its digest)");
        }
    }

    internal static string Digest(IReadOnlyDictionary<string, string> metadata,
        IEnumerable<(string Name, ReadOnlyMemory<byte> Data)> entries)
    {
        var hash = new XxHash128();
        void Add(ReadOnlySpan<byte> bytes)
        {
            hash.Append(BitConverter.GetBytes((long)bytes.Length));
            hash.Append(bytes);
        }
        foreach (var (key, value) in metadata.Where(m => m.Key != DigestKey).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            Add(System.Text.Encoding.UTF8.GetBytes(key));
            Add(System.Text.Encoding.UTF8.GetBytes(value));
        }
        foreach (var (name, data) in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            Add(System.Text.Encoding.UTF8.GetBytes(name));
            Add(data.Span);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static IEnumerable<(string Name, Tensor Tensor)> TensorsOf(nn.Module module) =>
        module.named_parameters().Select(p => (p.name, (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => (b.name, b.buffer)));
}
