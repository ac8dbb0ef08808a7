using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Utility;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// Training of a network's last layer alone, on features that are computed once (<see cref="FrozenFeatures"/>). What takes minutes is
/// kept in files as it goes; the layer itself takes seconds and is trained anew by every call, to the same bytes.
/// </summary>
internal static class FrozenTrainer
{
    /// <summary>The folder of features within a run, unless the start names another.</summary>
    public const string FeatureFolder = "features";

    /// <param name="record">Writes the run's options, once all is known to fit.</param>
    public static ClassifierResult Train(ClassifierOptions options, ClassifierData data, RunDirectory folder, Action record, ulong seed,
        ClassifierStart? start, ProgressSink progress, CancellationToken cancel)
    {
        if (start is null) throw new OptionException("frozen: needs weights; give those of a network that has learnt, with --weights");
        var shape = new ImageShape(Batches.CommonChannels(data.Selection, data.Sets), options.Size, options.Size);
        if (data.Validation.Shape.Channels != shape.Channels)
        {
            throw new OptionException($"validation: its images have {data.Validation.Shape.Channels} channels, the training images {shape.Channels}; "
                + "read both with the same --channels");
        }
        foreach (var row in data.Selection.Rows.Where(r => data.Sets[r.Source].IndexOf(r.Id) < 0).Take(1))
            throw new OptionException($"selection: image '{row.Id}' is not in '{row.Source}'; make the selection anew for this set");
        using var net = ClassifierNet.Create(options.Arch, shape, data.Selection.Classes.Count, options.Dropout, seed, options.Normalise);
        RequireLearnt(start.Load(net, options.Arch, progress), net, options.Arch);
        var frozen = new FrozenFeatures(net, options, start.FeatureFolder ?? Path.Combine(folder.Path, FeatureFolder));
        record();
        using var rows = new FrozenRows(data.Selection,
            FrozenRows.Features(data.Selection, data.Sets, set => frozen.Of(set, mirrored: false, progress, cancel)),
            options.Batch, seed, options.ClassBalanced, options.ClassWeighting);
        using var validation = frozen.Of(data.Validation, mirrored: false, progress, cancel);
        using var mirrored = options.FlipAverage ? frozen.Of(data.Validation, mirrored: true, progress, cancel) : null;
        progress.Say($"features of {rows.Count} training and {data.Validation.Count} validation images at {options.Size}×{options.Size}; "
            + $"{frozen.Computed} computed now");

        using var logShares = ClassShares.Logarithms(data.Selection, options);
        using var head = new FrozenHead(frozen.Head, rows, options, seed, logShares);
        folder.RewindTo(-1);
        var best = new EpochStats(0, 0, 0, ValidationAccuracy: -1, double.PositiveInfinity);
        var curve = new List<EpochStats>();
        for (long step = 0; step < head.TotalSteps;)
        {
            cancel.ThrowIfCancellationRequested();
            head.Step(step++);
            if (!head.EndsEpoch(step)) continue;
            var (accuracy, nll) = Validate(head.Averaged, step);
            var line = head.EndEpoch(step, accuracy, nll);
            folder.Append(step, line, new Dictionary<string, double>());
            curve.Add(ClassifierRun.ToStats(new Dictionary<string, double>(line) { ["step"] = step }));
            progress.Report("train last layer", step, head.TotalSteps, "step", FormattableString.Invariant($"validation {accuracy:0.000}"));
            var epoch = curve[^1].Epoch;
            if (ClassifierRun.IsBetter((accuracy, nll), (best.ValidationAccuracy, best.ValidationNll)))
            {
                best = curve[^1];
                head.Keep();
            }
            head.Judged(epoch, best.Epoch);
            if (ClassifierRun.LostPatience(options, epoch, best.Epoch)) break;
        }
        head.Finish();
        var file = Path.Combine(folder.Path, ClassifierTrainer.FileName);
        TrainedClassifier.SaveTrained(file, net, new(options, data.Selection.Classes, shape.Channels, data.SplitHash, seed, best), data.Validation);
        return new(file, best, curve);

        (double Accuracy, double Nll) Validate(Linear layer, long steps)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var p = nn.functional.softmax(layer.call(validation), 1);
            if (mirrored is not null) p = (p + nn.functional.softmax(layer.call(mirrored), 1)) * .5;
            var table = new float[data.Validation.Count, data.Selection.Classes.Count];
            Buffer.BlockCopy(p.data<float>().ToArray(), 0, table, 0, table.Length * sizeof(float));
            foreach (var q in table) ClassifierRun.RequireFinite(q, "a probability in validation", steps, options);
            var validated = new Predictions([.. data.Selection.Classes], data.Validation.Ids, data.Validation.Labels, table);
            var right = validated.Predicted().Zip(validated.Labels).Count(v => v.First == v.Second);
            return (right / (double)validated.Count, Calibration.NegativeLogLikelihood(validated));
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
