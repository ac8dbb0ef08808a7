using Understudy.Data;
using Understudy.Training.Augmentation;
using Understudy.Training.Losses;

namespace Understudy.Training.Classification;

/// <summary>What every step of a training learns from: small images first, augmented, smoothed, mixed.</summary>
internal sealed class TrainingBatches
{
    private readonly ClassifierOptions _options;
    private readonly ulong _seed;
    private readonly Batches _early;

    public TrainingBatches(ClassifierOptions options, ClassifierData data, ulong seed)
    {
        (_options, _seed) = (options, seed);
        Batches At(int side) =>
            new(data.Selection, data.Sets, side, options.Batch, seed, options.ClassBalanced, options.ClassWeighting);
        Plain = At(options.Size);
        _early = options.EarlySize == options.Size ? Plain : At(options.EarlySize);
        Clock = EpochClock.Of(options, Plain.PerPass);
    }

    /// <summary>The images as they are, in the network's own size.</summary>
    public Batches Plain { get; }

    public EpochClock Clock { get; }

    /// <summary>Of the images that training begins with.</summary>
    public ImageShape FirstShape => _early.Shape;

    /// <summary>The batch of a step: tensors of the caller's scope.</summary>
    public Batch At(long step)
    {
        var batch = (step < _options.EarlyShare * Clock.TotalSteps ? _early : Plain).At(step);
        var images = ImageAugment.Apply(batch.Images, _options.Augment, _seed, step);
        var (targets, weights) = (ClassificationLosses.Smooth(batch.Targets, _options.LabelSmoothing), batch.Weights);
        if (_options.Mixup > 0)
            (images, targets, weights) = Mixup.Apply(images, targets, weights, _options.Mixup, _seed, step);
        return new(images, targets, weights);
    }
}
