using System.Text.Json.Serialization;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Classifiers;

namespace Understudy.Training.Classification;

/// <summary>Which rule turns gradients into steps.</summary>
public enum ClassifierOptimiser
{
    /// <summary>Stochastic gradient descent with Nesterov momentum .9.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), β .9 and .999.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,
}

/// <summary>What a classifier is and how it is trained. Immutable; saved fully resolved with every run.</summary>
public sealed record ClassifierOptions
{
    /// <summary>A name of <see cref="ClassifierNet.Names"/>.</summary>
    public required string Arch { get; init; }

    /// <summary>The side of the images the network sees when it is used, in pixels; other images are resized to it.</summary>
    public required int Size { get; init; }

    /// <summary>
    /// The side for the first <see cref="EarlyShare"/> of the steps: small images first (progressive resizing).
    /// </summary>
    public required int EarlySize { get; init; }

    /// <summary>The share of the steps done at <see cref="EarlySize"/>, 0 to 1.</summary>
    public double EarlyShare { get; init; } = .6;

    /// <summary>Epochs: passes over the training selection, each followed by a validation.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// An exact number of steps in place of whole passes, so that sets of different sizes are taught equally long; they are
    /// spread over <see cref="Epochs"/> validations. Null: as many as the passes need.
    /// </summary>
    public int? Steps { get; init; }

    /// <summary>Images per step.</summary>
    public int Batch { get; init; } = 128;

    public ClassifierOptimiser Optimiser { get; init; } = ClassifierOptimiser.Sgd;

    /// <summary>The highest rate of the schedule: .1 suits SGD at batch 128, .002 AdamW.</summary>
    public double PeakRate { get; init; } = .1;

    /// <summary>How the rate goes over the steps.</summary>
    public RateSchedule Schedule { get; init; }

    /// <summary>
    /// The share of the steps in which the rate rises to its peak, 0 to .9. Null: .3 of one cycle, 0 of the other schedules.
    /// </summary>
    public double? WarmUp { get; init; }

    /// <summary>
    /// Training ends early when so many epochs have passed without a better one on the validation images; 0 for never.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>Of weights; batch norms and biases have none.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Decay per step of the running mean of the weights that is validated and saved; reached after a warm-up.</summary>
    public double Ema { get; init; } = .999;

    /// <summary>The share of every target that is spread evenly over the classes.</summary>
    public double LabelSmoothing { get; init; } = .1;

    /// <summary>The share of the last features dropped in training.</summary>
    public double Dropout { get; init; } = .3;

    /// <summary>α of mixup's Beta(α, α) (Zhang et al., arXiv 1710.09412); 0 for none.</summary>
    public double Mixup { get; init; }

    /// <summary>
    /// Whether an epoch shows every class equally often: small classes again, large ones in part, other images in another epoch.
    /// </summary>
    public bool ClassBalanced { get; init; }

    /// <summary>
    /// Images weigh in the loss by their class's share to the power of minus this: 0 all the same, 1 the same for every class.
    /// </summary>
    public double ClassWeighting { get; init; }

    /// <summary>
    /// Whether a temperature is fitted to the validation images after training, recorded in the classifier's file and applied to
    /// its probabilities; which class is the likeliest stays the same.
    /// </summary>
    public bool Calibrate { get; init; }

    /// <summary>
    /// The number format of convolutions and of the maps between them, in training and in prediction; master weights, batch
    /// norm's statistics, the last layers and the loss are always float32.
    /// </summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>How images are changed in training.</summary>
    public Augmentation.ImageAugmentOptions Augment { get; init; } = new();

    /// <summary>
    /// What images are brought to before the network; weights learnt elsewhere expect what they were learnt with.
    /// </summary>
    public Normalisation Normalise { get; init; } = Normalisation.None;

    /// <summary>
    /// Every block learns at this share of the rate of the block above it, down from the last layer, which learns at the full
    /// rate: weights learnt elsewhere then change least where they are most general. 1 for one rate throughout.
    /// </summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>
    /// Only the last layer learns, on features that are computed once: the network before it stays as its weights were given.
    /// Images are neither augmented nor mixed.
    /// </summary>
    public bool Frozen { get; init; }

    /// <summary>Whether a prediction is the mean over the image and its mirror image.</summary>
    public bool FlipAverage { get; init; } = true;

    /// <summary>
    /// Whether a checkpoint is also written every so many steps, for epochs that take long; 0 for after epochs only.
    /// </summary>
    public int CheckpointSteps { get; init; } = 500;

    /// <summary>The names <see cref="Recipe"/> knows.</summary>
    public static IReadOnlyList<string> RecipeNames { get; } = ["screening", "a", "b", "smoke"];

    /// <summary>
    /// The screening net (8 epochs), recipes A (50) and B (60), or a smoke test: the screening net for 3 epochs.
    /// </summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static ClassifierOptions Recipe(string name)
    {
        OptionException.RequireOneOf("recipe", name, [.. RecipeNames]);
        return name switch
        {
            "screening" => Short with { Epochs = 8 },
            "smoke" => Short with { Epochs = 3 },
            "a" => AtLength("recipe-a") with { Epochs = 50 },
            _ => AtLength("recipe-b") with { Epochs = 60, Mixup = .2 },
        };
    }

    /// <summary>
    /// For runs of many epochs: AdamW in small batches, and three tenths of the steps on small images, which cost half; with six
    /// tenths accuracy was lower. docs/results/classifiers.md has what it was compared with.
    /// </summary>
    private static ClassifierOptions AtLength(string arch) => For(arch) with
    {
        EarlySize = 32,
        EarlyShare = .3,
        Batch = 64,
        Optimiser = ClassifierOptimiser.AdamW,
        PeakRate = .002,
        WeightDecay = .05,
    };

    /// <summary>
    /// For runs of a few epochs, where what is learnt per image counts most: small batches, little augmentation and dropout.
    /// Large batches with the full augmentation learn the toy faces far more slowly.
    /// </summary>
    private static ClassifierOptions Short => For("screening") with
    {
        Batch = 64,
        PeakRate = .05,
        Dropout = .1,
        Augment = new() { Shift = 2, Rotation = 0, Scale = 0, Brightness = .1, Contrast = .1, Erasing = 0 },
    };

    /// <summary>
    /// For weights learnt elsewhere, all layers going on from there: AdamW at a tenth of the rate that random weights take and
    /// less for lower blocks, 12 epochs.
    /// </summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static ClassifierOptions FineTune(string arch, Normalisation normalise) => For(arch) with
    {
        Normalise = normalise,
        Optimiser = ClassifierOptimiser.AdamW,
        PeakRate = 3e-4,
        WeightDecay = .05,
        LayerDecay = .8,
        Epochs = 12,
    };

    /// <summary>
    /// For weights learnt elsewhere, of which only the last layer changes: AdamW, 30 epochs over the stored features.
    /// </summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static ClassifierOptions FrozenFeatures(string arch, Normalisation normalise) => For(arch) with
    {
        Normalise = normalise,
        Frozen = true,
        Augment = Augmentation.ImageAugmentOptions.None,
        FlipAverage = false,
        Dropout = 0,
        LabelSmoothing = 0,
        Optimiser = ClassifierOptimiser.AdamW,
        PeakRate = .002,
        WeightDecay = .01,
        Epochs = 30,
    };

    /// <summary>The default options of a network: its natural size throughout, 24 epochs.</summary>
    /// <exception cref="OptionException">An unknown name.</exception>
    public static ClassifierOptions For(string arch)
    {
        var side = ClassifierNet.NaturalSide(arch);
        return new() { Arch = arch, Size = side, EarlySize = side, Epochs = 24, Batch = UsualBatch(side) };
    }

    /// <summary>ResNet50 keeps about 90 MB of feature maps for an image of 224×224: 128 of them fill a small machine.</summary>
    private static int UsualBatch(int side) => side >= 128 ? 32 : 128;

    /// <summary>
    /// At another side. Where the first images are smaller they stay so; else they are of the new side, too. A usual batch
    /// becomes that of the new side.
    /// </summary>
    public ClassifierOptions AtSize(int side) => this with
    {
        Size = side,
        EarlySize = EarlySize == Size ? side : Math.Min(EarlySize, side),
        Batch = Batch == UsualBatch(Size) ? UsualBatch(side) : Batch,
    };

    /// <summary>
    /// With a <see cref="Precision"/> that can be computed with. Auto is float32 for features that are computed once, and for
    /// networks of depthwise convolutions, which were slower in bfloat16 on the processor where that was tried.
    /// </summary>
    public ClassifierOptions Resolve() => Precision != Precision.Auto ? this
        : this with { Precision = Frozen || ClassifierNet.IsDepthwise(Arch) ? Precision.Float32 : Precision.Here() };

    /// <exception cref="OptionException">The first option out of range: its key, its value and the range.</exception>
    public void Validate()
    {
        OptionException.RequireOneOf("arch", Arch, [.. ClassifierNet.Names]);
        OptionException.RequireRange("size", Size, 8, 1024);
        RequireLeastSide("size", Size, 1024);
        OptionException.RequireRange("early_size", EarlySize, 8, Size);
        RequireLeastSide("early_size", EarlySize, Size);
        OptionException.RequireRange("early_share", EarlyShare, 0, 1);
        OptionException.RequireRange("epochs", Epochs, 1, 100_000);
        if (Steps is { } steps) OptionException.RequireRange("steps", steps, Epochs, int.MaxValue);
        OptionException.RequireRange("batch", Batch, 2, 65_536);
        OptionException.RequireRange("peak_rate", PeakRate, 1e-9, 100);
        OptionException.RequireRange("weight_decay", WeightDecay, 0, 1);
        OptionException.RequireRange("ema", Ema, 0, .999999);
        OptionException.RequireRange("label_smoothing", LabelSmoothing, 0, .99);
        OptionException.RequireRange("dropout", Dropout, 0, .99);
        OptionException.RequireRange("mixup", Mixup, 0, 100);
        if (WarmUp is { } warmUp) OptionException.RequireRange("warm_up", warmUp, 0, .9);
        OptionException.RequireRange("patience", Patience, 0, 100_000);
        OptionException.RequireRange("class_weighting", ClassWeighting, 0, 1);
        if (ClassBalanced && ClassWeighting > 0)
            throw new OptionException("class_balanced, class_weighting: each makes up for classes of unequal size by itself; give "
                + "one of them");
        OptionException.RequireRange("checkpoint_steps", CheckpointSteps, 0, int.MaxValue);
        OptionException.RequireRange("layer_decay", LayerDecay, .01, 1);
        Augment.Validate();
        if (Frozen && (Mixup > 0 || EarlySize != Size || Augment != Augmentation.ImageAugmentOptions.None))
            throw new OptionException("frozen: features are of whole images at one size; give augment nothing, mixup 0 and "
                + "early_size as size");
        if (Frozen && LayerDecay != 1)
            throw new OptionException("frozen: nothing below the last layer learns, at whatever rate; give layer_decay 1");
        if (Frozen && Precision == Precision.BFloat16)
            throw new OptionException("frozen: features are float32; give precision float32");
    }

    private void RequireLeastSide(string key, int side, int most)
    {
        if (ClassifierNet.LeastSide(Arch) is var least && side < least)
            throw new OptionException($"{key}: {side} is out of range for {Arch}; give {least} to {most}");
    }
}
