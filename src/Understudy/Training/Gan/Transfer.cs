using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Phases;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// The networks of another run as the start of this one. Arrays go by name; where the two networks differ, what they share is
/// taken: blocks of the same resolution and width, embeddings of classes of the same name, of a mapping network the part that z
/// goes through.
/// </summary>
internal sealed class Transfer
{
    private const string FirstLayer = "mapping.fc0.weight";

    private readonly SafetensorsContent _content;
    private readonly string _path;
    private readonly bool _isCheckpoint;
    private readonly GeneratorCard _card;

    /// <summary>λ that stands beside a checkpoint's weights; in a generator's file it is in them.</summary>
    private readonly double _labelScale;

    /// <exception cref="InvalidDataException">Not the file it was, or no generator.</exception>
    public Transfer(TransferSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _path = source.Path;
        if (!File.Exists(_path) || Fingerprint.OfFile(_path) != source.Digest)
            throw new InvalidDataException(
                $"{_path}, which this run is to start from, is missing or has changed; start a new run");
        _content = SafetensorsFile.Read(_path);
        _card = GeneratorFile.CardOf(_content.Metadata, _path);
        _isCheckpoint = _content.Metadata["format"] == TrainingState.Format;
        if (_isCheckpoint) TrainingState.RequireSound(_content, _path);
        _labelScale = GeneratorFile.LabelScaleOf(_content.Metadata, _card, _path);
    }

    /// <summary>Into both generators and, from a checkpoint, the discriminator.</summary>
    /// <param name="classes">The new run's, in label order.</param>
    /// <exception cref="InvalidDataException">The networks share nothing.</exception>
    /// <exception cref="OptionException">A block that is to be frozen would be random.</exception>
    public IReadOnlyList<TransferReport> Into(GanNetworks networks, IReadOnlyList<string> classes)
    {
        var options = networks.Generator.Options;
        var to = options.LabelDim == classes.Count ? classes : [];
        var zDim = options.ZDim == _card.Options.ZDim ? options.ZDim : 0;
        var report = Copy("generator", _isCheckpoint ? "generator." : "", networks.Generator, to, zDim);
        Copy("generator", _isCheckpoint ? GanNetworks.EmaName + "." : "", networks.Averaged, to, zDim);
        if (!report.Taken.Any(n => n.Contains(".weight", StringComparison.Ordinal)))
            throw new InvalidDataException($"{_path} shares no layer with this generator; give the same channel_base, "
                + "channel_max, w_dim and base");
        var discriminator = _isCheckpoint ? Copy("discriminator", "discriminator.", networks.Discriminator, to, 0) : null;
        RequireFrozen(networks, discriminator);
        return discriminator is null ? [report] : [report, discriminator];
    }

    /// <summary>What is held still must come from somewhere.</summary>
    private void RequireFrozen(GanNetworks networks, TransferReport? discriminator)
    {
        var frozen = networks.Discriminator.named_parameters().Select(p => p.name).Where(networks.IsFrozen).ToList();
        if (frozen.Count == 0) return;
        if (discriminator is null)
        {
            throw new OptionException($"frozen_blocks: {_path} holds no discriminator; start from a run or a checkpoint, "
                + "or set frozen_blocks=0");
        }
        if (frozen.Intersect(discriminator.Fresh).FirstOrDefault() is { } name)
        {
            throw new OptionException($"frozen_blocks: {_path} has nothing for '{name}', which would stay random; "
                + "set fewer, or train in its size and width");
        }
    }

    private TransferReport Copy(string network, string prefix, nn.Module target, IReadOnlyList<string> classes, int zDim)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (taken, partly, fresh) = (new List<string>(), new List<(string, string)>(), new List<string>());
        IReadOnlyList<string> known = _card.Options.LabelDim == _card.Classes.Count ? _card.Classes : [];
        var state = target.state_dict();
        foreach (var (name, value) in state)
        {
            // Without labels, what is now the unconditional logit was the only one.
            var entry = _content.Find(prefix + name)
                ?? _content.Find(prefix + name.Replace(".unconditional.", ".out.", StringComparison.Ordinal));
            if (entry is null)
            {
                fresh.Add(name);
                continue;
            }
            var source = Weights.ToTensor(entry);
            if (name == FirstLayer && zDim > 0 && source.shape[1] > zDim)
                source.narrow(1, zDim, source.shape[1] - zDim).mul_(_labelScale);
            if (ClassAxis(name) is { } axis && classes.Count > 0 && known.Count > 0 && !classes.SequenceEqual(known))
                Note(name, CopyClasses(source, value, axis, known, classes));
            // Of another z the columns are other inputs, whatever their number.
            else if (name == FirstLayer && network == "generator" && zDim == 0) fresh.Add(name);
            else if (source.shape.AsSpan().SequenceEqual(value.shape) && !(name == FirstLayer && IsDeaf(source, zDim)))
            {
                value.copy_(source);
                taken.Add(name);
            }
            else if (name == FirstLayer && zDim > 0 && source.shape[0] == value.shape[0])
            {
                var gain = Gain(source, value, zDim, ((Generator)target).LabelScale);
                value.narrow(1, 0, zDim).copy_(source.narrow(1, 0, zDim) * gain);
                Note(name, "what z goes through");
            }
            else fresh.Add(name);
        }
        var unused = _content.Entries.Select(e => e.Key).Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
            .Select(k => k[prefix.Length..]).Where(k => !state.ContainsKey(k) && k != GeneratorFile.ClassMeansName);
        return new(network, taken, partly, fresh, [.. unused]);

        void Note(string name, string? part)
        {
            if (part is null) fresh.Add(name);
            else partly.Add((name, part));
        }
    }

    /// <summary>Whether a file was written while no label counted: its columns of zeros would learn next to nothing.</summary>
    private static bool IsDeaf(Tensor firstLayer, int zDim)
    {
        var labels = firstLayer.shape[1] - zDim;
        return zDim > 0 && labels > 0 && firstLayer.narrow(1, zDim, labels).count_nonzero().item<long>() == 0;
    }

    /// <summary>
    /// What keeps the spread of w where labels join z. A fully connected layer divides by the root of its inputs, and of the new
    /// ones' energy only λ² comes through: with a fade the start draws the source's images, without one labels count at once.
    /// </summary>
    /// <param name="scale">λ at the start.</param>
    private static double Gain(Tensor from, Tensor to, int zDim, double scale)
    {
        if (from.shape[1] > zDim) return 1;
        var labels = to.shape[1] - zDim;
        return Math.Sqrt((zDim + labels) / (zDim + scale * scale * labels));
    }

    /// <summary>Along which axis an array has a place for each class.</summary>
    private static int? ClassAxis(string name) => name == "mapping.embed.weight" ? 1
        : name.Contains(".classify.", StringComparison.Ordinal) ? 0 : null;

    /// <summary>What each shared class had; says which, or null where none is shared.</summary>
    private static string? CopyClasses(Tensor source, Tensor target, int axis, IReadOnlyList<string> from,
        IReadOnlyList<string> to)
    {
        var shared = to.Where(from.Contains).ToList();
        if (shared.Count == 0 || source.numel() / source.shape[axis] != target.numel() / target.shape[axis]) return null;
        // A fully connected layer divides by the root of its inputs: those of an embedding are the classes.
        var gain = axis == 1 ? Math.Sqrt((double)to.Count / from.Count) : 1;
        foreach (var name in shared)
            target.select(axis, IndexOf(to, name)).copy_(source.select(axis, IndexOf(from, name)) * gain);
        var fresh = to.Except(shared).ToList();
        return string.Join(", ", shared) + (fresh.Count == 0 ? "" : "; new: " + string.Join(", ", fresh));
    }

    private static int IndexOf(IReadOnlyList<string> names, string name) => names.TakeWhile(n => n != name).Count();
}
