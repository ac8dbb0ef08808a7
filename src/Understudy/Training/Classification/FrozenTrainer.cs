using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// Training of a network's last layer alone, on features that are computed once (<see cref="FrozenFeatures"/>). What takes
/// minutes is kept in files as it goes; the layer itself takes seconds and is trained anew by every call, to the same bytes.
/// </summary>
internal static class FrozenTrainer
{
    /// <summary>The folder of features within a run, unless the start names another.</summary>
    public const string FeatureFolder = "features";

    /// <param name="record">Writes the run's options, once all is known to fit.</param>
    public static ClassifierResult Train(ClassifierOptions options, ClassifierData data, RunDirectory folder, Action record,
        ulong seed,
        ClassifierStart? start, ProgressSink progress, CancellationToken cancel)
    {
        if (start is null)
            throw new OptionException("frozen: needs weights; give those of a network that has learnt, with --weights");
        var shape = new ImageShape(Batches.CommonChannels(data.Selection, data.Sets), options.Size, options.Size);
        data.RequireValidationChannels(shape.Channels);
        foreach (var row in data.Selection.Rows.Where(r => data.Sets[r.Source].IndexOf(r.Id) < 0).Take(1))
            throw new OptionException(
                $"selection: image '{row.Id}' is not in '{row.Source}'; make the selection anew for this set");
        using var net = ClassifierNet.Create(options.Arch, shape, data.Selection.Classes.Count, options.Dropout, seed,
            options.Normalise);
        RequireLearnt(start.Load(net, options.Arch, data.Selection.Classes, progress), net, options.Arch);
        var features = start.FeatureFolder ?? Path.Combine(folder.Path, FeatureFolder);
        var frozen = new FrozenFeatures(net, options, features);
        record();
        // Of real images, as far as anybody knows: features of a face are private as the face is.
        Restricted.Mark(features);
        using var rows = new FrozenRows(data.Selection,
            FrozenRows.Features(data.Selection, data.Sets, set => frozen.Of(set, mirrored: false, progress, cancel)),
            options.Batch, seed, options.ClassBalanced, options.ClassWeighting);
        using var validation = frozen.Of(data.Validation, mirrored: false, progress, cancel);
        using var mirrored = options.FlipAverage ? frozen.Of(data.Validation, mirrored: true, progress, cancel) : null;
        progress.Say(
            $"features of {rows.Count} training and {data.Validation.Count} validation images at {options.Size}×{options.Size}; "
            + $"{frozen.Computed} computed now");

        using var head = new FrozenHead(frozen.Head, rows, options, seed);
        folder.RewindTo(-1);
        var (best, curve) = (new BestEpoch(), new List<EpochStats>());
        for (long step = 0; step < head.Clock.TotalSteps;)
        {
            cancel.ThrowIfCancellationRequested();
            head.Step(step++);
            if (!head.Clock.EndsEpoch(step)) continue;
            var (score, epoch) = (Validate(head.Averaged, step), head.Clock.EpochsAfter(step));
            var line = head.EndEpoch(epoch, score);
            folder.Append(step, line, new Dictionary<string, double>());
            curve.Add(EpochLine.Read(new Dictionary<string, double>(line) { ["step"] = step }));
            progress.Report("train last layer", step, head.Clock.TotalSteps, "step",
                FormattableString.Invariant($"validation {score.Accuracy:0.000}"));
            if (best.Take(epoch, score)) head.Keep();
            head.NoteBestEpoch(epoch, best.Epoch);
            if (best.LostPatience(epoch, options)) break;
        }
        head.Finish();
        var chosen = curve[best.Epoch - 1];
        var file = Path.Combine(folder.Path, ClassifierTrainer.FileName);
        TrainedClassifier.SaveTrained(file, net,
            new(options, data.Selection.Classes, shape.Channels, data.SplitHash, seed, chosen), data.Validation);
        return new(file, chosen, curve);

        ValidationScore Validate(Linear layer, long steps)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var p = nn.functional.softmax(layer.call(validation), 1);
            if (mirrored is not null) p = (p + nn.functional.softmax(layer.call(mirrored), 1)) * .5;
            var table = new float[data.Validation.Count, data.Selection.Classes.Count];
            Buffer.BlockCopy(p.data<float>().ToArray(), 0, table, 0, table.Length * sizeof(float));
            foreach (var q in table) LearningRule.RequireFinite(q, "a probability in validation", steps, options);
            return ValidationScore.Of(new([.. data.Selection.Classes], data.Validation.Ids, data.Validation.Labels, table));
        }
    }

    /// <summary>What is random below the last layer would never learn, and every feature passes through it.</summary>
    /// <exception cref="OptionException">There is such a layer.</exception>
    private static void RequireLearnt(WeightsReport report, nn.Module<Tensor, Tensor> net, string arch)
    {
        var random = report.FreshBelow(ClassifierWeights.LastLayer(ClassifierNet.Inside(net)));
        if (random.Count == 0) return;
        // A stem for small images is a variant's own: published weights fit the network that it is a variant of.
        var published = arch.EndsWith("-48", StringComparison.Ordinal) && random.TrueForAll(n => n == "conv1.weight");
        var other = published ? $"choose arch {arch[..^"-48".Length]}, which takes published weights whole"
            : "give weights that have them";
        throw new OptionException($"frozen: {ClassifierWeights.Some(random)} would stay at random values and never learn; "
            + $"train all layers, or {other}");
    }
}
